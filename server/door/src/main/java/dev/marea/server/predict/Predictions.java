package dev.marea.server.predict;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Runs predictions on a few workers behind a bounded queue; reading and writing count too. */
public final class Predictions implements AutoCloseable {
    private static final Duration WORKERS_END = Duration.ofSeconds(1);

    private final Models models;
    private final ServerMetrics metrics;
    private final long queueNanosMax;
    private final long bodiesBytesMax;
    private final AtomicLong bodiesBytes = new AtomicLong();
    private final ThreadPoolExecutor workers;

    public Predictions(WorkSettings settings, Models models, ServerMetrics metrics) {
        this.models = models;
        this.metrics = metrics;
        queueNanosMax = settings.queueTime().toNanos();
        bodiesBytesMax = settings.bodiesBytesMax();
        workers =
                new ThreadPoolExecutor(
                        settings.workersMax(),
                        settings.workersMax(),
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(settings.queueMax()),
                        Thread.ofPlatform().daemon().name("predict-", 0).factory());
        metrics.watchQueue(() -> workers.getQueue().size());
    }

    /** Counts body bytes that come in; false where memory for bodies is used up. */
    public boolean reserve(int bytes) {
        if (bodiesBytes.addAndGet(bytes) <= bodiesBytesMax) {
            return true;
        }
        bodiesBytes.addAndGet(-bytes);
        return false;
    }

    public void release(int bytes) {
        bodiesBytes.addAndGet(-bytes);
    }

    /** Takes a call that has come in whole; its body's bytes are released when it has ended. */
    public void submit(Call call, int reserved) {
        long since = System.nanoTime();
        try {
            workers.execute(() -> {
                try {
                    run(call, since);
                } finally {
                    release(reserved);
                }
            });
        } catch (RejectedExecutionException _) {
            release(reserved);
            call.refuse(Refused.busy("more predictions are waiting than this server queues"));
        }
    }

    private void run(Call call, long since) {
        if (call.isUnwanted()) {
            return;
        }
        long now = System.nanoTime();
        if (now - since > queueNanosMax) {
            var waited = Duration.ofNanos(queueNanosMax).toSeconds();
            call.refuse(Refused.busy("the request waited longer than " + waited + " s"));
            return;
        }
        if (call.deadline().isPresent() && now - call.deadline().get() > 0) {
            call.refuse(new Refused(Refused.Why.LATE, "The deadline passed before the model ran."));
            return;
        }
        try (var model = models.leaseLoading(call.model(), call.version())) {
            predict(call, model);
        } catch (Refused refused) {
            call.refuse(refused);
        } catch (BadInput bad) {
            call.refuse(Refused.badInput(String.valueOf(bad.getMessage())));
        } catch (InferenceFailure failed) {
            log(call, failed);
            call.refuse(new Refused(Refused.Why.FAILED, String.valueOf(failed.getMessage())));
        } catch (RuntimeException | Error bug) {
            log(call, bug);
            call.refuse(new Refused(Refused.Why.FAILED, "internal error"));
        }
    }

    /** The logger is made by the first failure: a healthy start does not pay for it. */
    private static void log(Call call, Throwable failed) {
        LoggerFactory.getLogger(Predictions.class)
                .error("a prediction of {} failed", call.model(), failed);
    }

    private void predict(Call call, Lease model) throws Refused, BadInput {
        long begun = System.nanoTime();
        var question = call.read(model);
        long read = System.nanoTime();
        if (call.isStreamed()) {
            model.loaded().stream(
                    question.inputs(),
                    question.asked(),
                    outputs -> call.part(model, question, outputs));
            call.ended();
        } else {
            var outputs = model.loaded().predict(question.inputs(), question.asked());
            long answered = System.nanoTime();
            if (outputs.isEmpty()) {
                throw new InferenceFailure("the model gave no output", new IllegalStateException());
            }
            call.answer(model, question, outputs);
            metrics.predicted(begun, read, answered, System.nanoTime());
        }
    }

    /** Ends the workers; true when none is left that might still use a model. */
    public boolean end() throws InterruptedException {
        close();
        return workers.awaitTermination(WORKERS_END.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
