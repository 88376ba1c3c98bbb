package dev.marea.server.predict;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that is already read, and remembers how it ended. */
final class FakeCall implements Call {
    /** The answer, or the refusal. */
    final CompletableFuture<Object> end = new CompletableFuture<>();

    final Tensor input;
    List<String> outputs = List.of();
    int bodyBytes;
    boolean unwanted;
    Optional<Long> deadline = Optional.empty();
    Thread answeredOn = Thread.currentThread();
    int reads;

    FakeCall(Tensor input) {
        this.input = input;
    }

    @Override
    public String model() {
        return "m";
    }

    @Override
    public Optional<String> version() {
        return Optional.empty();
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }

    @Override
    public Question read(Lease model) {
        reads++;
        return new Question(List.of(input), model.asked(outputs));
    }

    @Override
    public void answer(Lease model, Question question, List<Tensor> outputs) {
        answeredOn = Thread.currentThread();
        complete(outputs);
    }

    @Override
    public void refuse(Refused why) {
        complete(why);
    }

    private void complete(Object how) {
        if (!end.complete(how)) {
            throw new AssertionError("this call ends twice");
        }
    }

    @Override
    public boolean isUnwanted() {
        return unwanted;
    }

    @Override
    public Optional<Long> deadline() {
        return deadline;
    }

    private Object howItEnded() {
        try {
            return end.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            throw new AssertionError(failed);
        }
    }

    @SuppressWarnings("unchecked")
    Tensor answer() {
        if (howItEnded() instanceof List<?> outputs) {
            return ((List<Tensor>) outputs).getFirst();
        }
        throw new AssertionError("refused: " + refusal().message());
    }

    Refused refusal() {
        return (Refused) howItEnded();
    }
}
