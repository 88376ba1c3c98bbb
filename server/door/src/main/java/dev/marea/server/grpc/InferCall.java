package dev.marea.server.grpc;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Call;
import dev.marea.server.predict.MethodByOutput;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A prediction asked for over gRPC, alone or in a stream. */
abstract sealed class InferCall implements Call permits Infer.One, StreamedCall {
    final Caller caller;
    final InferRequest request;
    private final Optional<Long> deadline;
    private List<InferOutput> wanted = List.of();
    private @Nullable Method renamed;

    InferCall(Caller caller, InferRequest request) {
        this.caller = caller;
        this.request = request;
        deadline = deadline(caller, request);
    }

    @Override
    public final String model() {
        return request.model();
    }

    @Override
    public final Optional<String> version() {
        return request.version();
    }

    @Override
    public final int bodyBytes() {
        return request.bytes();
    }

    @Override
    public Question read(Lease model) throws Refused {
        wanted = request.readOutputs();
        var names = wanted.stream().map(InferOutput::name).toList();
        var method = MethodByOutput.of(names, model.loaded().metadata());
        if (method.isPresent()) {
            renamed = method.get();
            return new Question(request.readInputs(), Asked.of(method.get()));
        }
        return new Question(request.readInputs(), model.asked(names));
    }

    /** The answer, under the names and in the form in which it was asked. */
    final InferAnswer answer(Lease model, List<Tensor> outputs) throws Refused {
        var method = renamed;
        var named = method == null ? outputs : MethodByOutput.renamed(method, outputs);
        return InferAnswer.of(model, request, wanted.isEmpty() ? named : shown(named));
    }

    private List<Tensor> shown(List<Tensor> outputs) throws Refused {
        var shown = new ArrayList<Tensor>(outputs.size());
        for (var output : outputs) {
            var tensor = output;
            for (var asked : wanted) {
                if (asked.name().equals(output.name())) {
                    tensor = asked.shown(output);
                }
            }
            shown.add(tensor);
        }
        return shown;
    }

    @Override
    public final boolean isUnwanted() {
        return caller.isOver();
    }

    @Override
    public final Optional<Long> deadline() {
        return deadline;
    }

    /** The sooner of gRPC's and Triton's own, which is a parameter. */
    private static Optional<Long> deadline(Caller caller, InferRequest request) {
        var ours = caller.deadline();
        var timeout = Parameters.timeoutNanos(request.parameters());
        if (timeout.isEmpty()) {
            return ours.isPresent() ? Optional.of(ours.getAsLong()) : Optional.empty();
        }
        long deadline = System.nanoTime() + timeout.getAsLong();
        boolean sooner = ours.isPresent() && ours.getAsLong() - deadline < 0;
        return Optional.of(sooner ? ours.getAsLong() : deadline);
    }
}
