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
            long ended = clock.nanos();
            count(waiting, begun, new Tally.Times(waiting.readNanos(), ended - begun, 0));
        } else {
            var outputs =
                    AnswerSize.checked(model.loaded().predict(question.inputs(), question.asked()));
            long inferred = clock.nanos();
            waiting.call.answer(model, question, outputs);
            long written = clock.nanos();
            count(
                    waiting,
                    begun,
                    new Tally.Times(waiting.readNanos(), inferred - begun, written - inferred));
            model.tally()
                    .costs()
                    .record(question.asked().method(), waiting.rowsCounted(), inferred - begun);
        }
    }

    private void count(Waiting waiting, long begun, Tally.Times times) {
        var tally = waiting.lease().tally();
        tally.ran(waiting.rowsCounted(), times);
        metrics.of(waiting.lease().model()).ran(waiting.rowsCounted());
        countAnswer(waiting, begun, times);
    }

    private void countAnswer(Waiting waiting, long begun, Tally.Times times) {
        long queued = begun - waiting.since - waiting.readNanos();
        waiting.lease().tally().answered(waiting.rowsCounted(), queued, times, clock.millis());
        metrics.of(waiting.lease().model()).answered(queued, times);
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
        var first = calls.getFirst().lease();
        int rows = 0;
        long longestRead = 0;
        long writing = moments.inferred;
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            rows += call.rows();
            longestRead = Math.max(longestRead, call.readNanos());
            writing = answer(call, answers.get(i), moments, writing);
        }
        first.tally()
                .ran(
                        rows,
                        new Tally.Times(
                                longestRead + moments.joined - moments.begun,
                                moments.inferred - moments.joined,
                                writing - moments.inferred));
        metrics.of(first.model()).ran(rows);
    }

    /** Returns when it was written. */
    private long answer(Waiting waiting, List<Tensor> outputs, Moments moments, long writing) {
        long written = writing;
        try {
            waiting.call.answer(waiting.lease(), waiting.question(), AnswerSize.checked(outputs));
            written = clock.nanos();
            countAnswer(
                    waiting,
                    moments.begun,
                    new Tally.Times(
                            waiting.readNanos() + moments.joined - moments.begun,
                            moments.inferred - moments.joined,
                            written - writing));
            waiting.end();
        } catch (RuntimeException | Error failed) {
            fail(waiting, failed);
        }
        return written;
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
