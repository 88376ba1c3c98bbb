package dev.marea.server.predict;

import dev.marea.server.models.Refused;
import dev.marea.server.models.Tally;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.batch.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.slf4j.LoggerFactory;

/**
 * Asks models, for one call or for several as one. Each call ends with an answer or with its own
 * error: where several fail as one, each is asked by itself.
 */
final class Runs {
    private final Clock clock;
    private final ServerMetrics metrics;
    private final Duration queueTime;

    Runs(Clock clock, ServerMetrics metrics, Duration queueTime) {
        this.clock = clock;
        this.metrics = metrics;
        this.queueTime = queueTime;
    }

    /** Calls of one model that agree in all but their rows. */
    void run(List<Waiting> calls) {
        var wanted = new ArrayList<Waiting>(calls.size());
        for (var call : calls) {
            if (isWanted(call)) {
                wanted.add(call);
            }
        }
        if (wanted.size() > 1) {
            together(wanted);
        } else if (!wanted.isEmpty()) {
            alone(wanted.getFirst());
        }
    }

    /** Drops a call that nobody waits for, before it costs anything more. */
    boolean isWanted(Waiting waiting) {
        if (waiting.call.isUnwanted()) {
            waiting.end();
            return false;
        }
        long now = clock.nanos();
        var deadline = waiting.call.deadline();
        if (deadline.isPresent() && now - deadline.get() > 0) {
            refuse(
                    waiting,
                    new Refused(Refused.Why.LATE, "The deadline passed before the model ran."));
            return false;
        }
        var most = waiting.lease().config().batching().timeout().orElse(queueTime);
        if (now - waiting.since > most.toNanos()) {
            refuse(waiting, Refused.busy("the request waited longer than " + seconds(most)));
            return false;
        }
        return true;
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Reads a call; false where that was its end. */
    boolean read(Waiting waiting) {
        try {
            waiting.read(clock.nanos(), clock);
            return true;
        } catch (Refused | BadInput | RuntimeException | Error failed) {
            fail(waiting, failed);
            return false;
        }
    }

    void alone(Waiting waiting) {
        try {
            ask(waiting);
            waiting.end();
        } catch (Refused | BadInput | RuntimeException | Error failed) {
            fail(waiting, failed);
        }
    }

    private void ask(Waiting waiting) throws Refused, BadInput {
        long begun = clock.nanos();
        var model = waiting.lease();
        var question = waiting.question();
        if (waiting.call.isStreamed()) {
            model.loaded().stream(
                    question.inputs(),
                    question.asked(),
                    outputs -> waiting.call.part(model, question, outputs));
            waiting.call.ended();
            var times = new Tally.Times(waiting.readNanos(), clock.nanos() - begun, 0);
            countRun(waiting, waiting.rowsCounted(), times);
            countAnswer(waiting, begun, times);
            metrics.of(model.model()).answered(queued(waiting, begun), times);
        } else {
            var outputs =
                    AnswerSize.checked(model.loaded().predict(question.inputs(), question.asked()));
            long inferred = clock.nanos();
            var times = new Tally.Times(waiting.readNanos(), inferred - begun, 0);
            int rows = waiting.rowsCounted();
            countRun(waiting, rows, times);
            write(waiting, outputs, begun, times, new Writing(rows, inferred));
            model.tally().costs().record(question.asked().method(), rows, times.infer());
        }
    }

    /**
     * @param rows of the whole run
     */
    private record Writing(int rows, long begun) {}

    /** Counts an answer, and then writes it: who has it finds it counted. Returns when it was. */
    private long write(
            Waiting waiting, List<Tensor> outputs, long begun, Tally.Times times, Writing writing) {
        var tally = waiting.lease().tally();
        countAnswer(waiting, begun, times);
        try {
            waiting.call.answer(waiting.lease(), waiting.question(), outputs);
        } catch (RuntimeException | Error failed) {
            tally.tookBack(waiting.rowsCounted());
            throw failed;
        }
        long written = clock.nanos();
        long output = written - writing.begun;
        tally.wrote(writing.rows, output);
        metrics.of(waiting.lease().model())
                .answered(
                        queued(waiting, begun),
                        new Tally.Times(times.input(), times.infer(), output));
        return written;
    }

    private void countRun(Waiting any, int rows, Tally.Times times) {
        any.lease().tally().ran(rows, times.input(), times.infer());
        metrics.of(any.lease().model()).ran(rows);
    }

    private void countAnswer(Waiting waiting, long begun, Tally.Times times) {
        waiting.lease()
                .tally()
                .answered(
                        waiting.rowsCounted(),
                        queued(waiting, begun),
                        times.input(),
                        times.infer(),
                        clock.millis());
    }

    private static long queued(Waiting waiting, long begun) {
        return begun - waiting.since - waiting.readNanos();
    }

    private void together(List<Waiting> calls) {
        long begun = clock.nanos();
        var rows = new int[calls.size()];
        var requests = new ArrayList<List<Tensor>>(calls.size());
        for (int i = 0; i < rows.length; i++) {
            rows[i] = calls.get(i).rows();
            requests.add(calls.get(i).question().inputs());
        }
        List<Tensor> outputs;
        long joined;
        try {
            var inputs = Rows.joined(requests);
            joined = clock.nanos();
            outputs = ask(calls.getFirst(), inputs);
        } catch (BadInput | RuntimeException _) {
            calls.forEach(this::alone); // whose fault it is shows when each is asked by itself
            return;
        } catch (Error failed) {
            calls.forEach(call -> fail(call, failed));
            return;
        }
        long inferred = clock.nanos();
        var answers = Rows.split(outputs, rows);
        if (answers.isEmpty()) {
            calls.getFirst().lease().tally().foundUnsplittable();
            calls.forEach(this::alone);
            return;
        }
        answerAll(calls, answers.get(), new Moments(begun, joined, inferred));
    }

    private static List<Tensor> ask(Waiting first, List<Tensor> inputs) throws BadInput {
        LoadedModel model = first.lease().loaded();
        return model.predict(inputs, first.question().asked());
    }

    private record Moments(long begun, long joined, long inferred) {}

    private void answerAll(List<Waiting> calls, List<List<Tensor>> answers, Moments moments) {
        int rows = 0;
        long longestRead = 0;
        for (var call : calls) {
            rows += call.rows();
            longestRead = Math.max(longestRead, call.readNanos());
        }
        long joining = moments.joined - moments.begun;
        long infer = moments.inferred - moments.joined;
        countRun(calls.getFirst(), rows, new Tally.Times(longestRead + joining, infer, 0));
        long writing = moments.inferred;
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            var times = new Tally.Times(call.readNanos() + joining, infer, 0);
            try {
                var outputs = AnswerSize.checked(answers.get(i));
                writing = write(call, outputs, moments.begun, times, new Writing(rows, writing));
                call.end();
            } catch (RuntimeException | Error failed) {
                fail(call, failed);
            }
        }
    }

    /** Ends a call with what went wrong, in words for the caller. */
    private void fail(Waiting waiting, Throwable failed) {
        switch (failed) {
            case Refused refused -> refuse(waiting, refused);
            case BadInput bad ->
                    refuse(waiting, Refused.badInput(String.valueOf(bad.getMessage())));
            case CancellationException gone ->
                    // Whom it was streamed to takes no more: nobody's fault, and nothing to log.
                    refuse(
                            waiting,
                            new Refused(
                                    Refused.Why.UNAVAILABLE, String.valueOf(gone.getMessage())));
            case InferenceFailure reason -> {
                log(waiting, reason);
                refuse(
                        waiting,
                        new Refused(Refused.Why.FAILED, String.valueOf(reason.getMessage())));
            }
            default -> {
                log(waiting, failed);
                refuse(waiting, new Refused(Refused.Why.FAILED, "internal error"));
            }
        }
    }

    void refuse(Waiting waiting, Refused why) {
        try {
            waiting.countFailure(clock, metrics);
            waiting.call.refuse(why);
        } finally {
            waiting.end();
        }
    }

    /** The logger is made by the first failure: a healthy start does not pay for it. */
    private static void log(Waiting waiting, Throwable failed) {
        LoggerFactory.getLogger(Predictions.class)
                .error("a prediction of {} failed", waiting.call.model(), failed);
    }
}
