package dev.marea.server;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Runs predictions on a few workers behind a bounded queue; reading and writing JSON count too. */
final class Predictions {
    private final ServedModel model;
    private final ServerMetrics metrics;
    private final long queueNanosMax;
    private final long bodiesBytesMax;
    private final AtomicLong bodiesBytes = new AtomicLong();
    private final ThreadPoolExecutor workers;

    Predictions(
            ServerSettings settings,
            ServedModel model,
            ServerMetrics metrics,
            ThreadPoolExecutor workers) {
        this.model = model;
        this.metrics = metrics;
        this.workers = workers;
        queueNanosMax = settings.queueTime().toNanos();
        bodiesBytesMax = settings.bodiesBytesMax();
    }

    static ThreadPoolExecutor workers(ServerSettings settings) {
        return new ThreadPoolExecutor(
                settings.workersMax(),
                settings.workersMax(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.queueMax()),
                Thread.ofPlatform().daemon().name("predict-", 0).factory());
    }

    /** One request to predict. The answer goes to the consumer, on whatever thread has it. */
    record Job(
            Route route,
            LoadedModel loaded,
            byte[] body,
            BooleanSupplier unwanted,
            Consumer<Reply> answer) {}

    /** Counts body bytes that come in; false where memory for bodies is used up. */
    boolean reserve(int bytes) {
        if (bodiesBytes.addAndGet(bytes) <= bodiesBytesMax) {
            return true;
        }
        bodiesBytes.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        bodiesBytes.addAndGet(-bytes);
    }

    void submit(Job job, int reserved) {
        long since = System.nanoTime();
        try {
            workers.execute(() -> {
                try {
                    run(job, since);
                } finally {
                    release(reserved);
                }
            });
        } catch (RejectedExecutionException _) {
            release(reserved);
            job.answer().accept(busy("more predictions are waiting than this server queues"));
        }
    }

    static Reply busy(String why) {
        return new Refused(503, "The model server is busy: " + why + ".").reply();
    }

    private void run(Job job, long since) {
        if (job.unwanted().getAsBoolean()) {
            return;
        }
        if (System.nanoTime() - since > queueNanosMax) {
            var waited = Duration.ofNanos(queueNanosMax).toSeconds();
            job.answer().accept(busy("the request waited longer than " + waited + " s"));
            return;
        }
        job.answer().accept(answer(job));
    }

    private Reply answer(Job job) {
        try {
            return switch (job.route()) {
                case Route.V1Predict(_) -> v1(job);
                case Route.V2Infer(var name) -> v2(job, name);
                case Route.Question question -> throw new AssertionError(question);
            };
        } catch (Refused refused) {
            return refused.reply();
        } catch (BadInput bad) {
            return Reply.error(400, String.valueOf(bad.getMessage()));
        } catch (InferenceFailure failed) {
            log(job, failed);
            return Reply.error(500, String.valueOf(failed.getMessage()));
        } catch (RuntimeException | Error bug) {
            log(job, bug);
            return Reply.error(500, "internal error");
        }
    }

    /** The logger is made by the first failure: a healthy start does not pay for it. */
    private static void log(Job job, Throwable failed) {
        LoggerFactory.getLogger(Predictions.class).error("{} failed", job.route(), failed);
    }

    private Reply v1(Job job) throws Refused, BadInput {
        long begun = System.nanoTime();
        var inputs = V1.read(job.body(), job.loaded().metadata());
        long read = System.nanoTime();
        var outputs = job.loaded().predict(inputs, model.asked(List.of()));
        long answered = System.nanoTime();
        var reply = Reply.json(200, V1.write(first(outputs)));
        metrics.predicted(begun, read, answered, System.nanoTime());
        return reply;
    }

    private static Tensor first(List<Tensor> outputs) {
        if (outputs.isEmpty()) {
            throw new InferenceFailure("the model gave no output", new IllegalStateException());
        }
        return outputs.getFirst();
    }

    private Reply v2(Job job, String name) throws Refused, BadInput {
        long begun = System.nanoTime();
        var asking = V2.read(job.body(), name);
        long read = System.nanoTime();
        var outputs = job.loaded().predict(asking.inputs(), model.asked(asking.outputs()));
        long answered = System.nanoTime();
        var reply = Reply.json(200, V2.write(name, asking.id().orElseGet(V2::newId), outputs));
        metrics.predicted(begun, read, answered, System.nanoTime());
        return reply;
    }
}
