package dev.marea.server.grpc;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.ServerMetrics;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Everything that may be called over gRPC. Made by the first gRPC request of the process. */
public final class GrpcService implements AutoCloseable {
    /** As REST's bodies. */
    private static final int INFER_BYTES_MAX = 64 << 20;

    private static final int QUESTION_BYTES_MAX = 1 << 20;
    private static final int ERRANDS_AT_ONCE = 2;
    private static final int ERRANDS_WAITING_MAX = 64;
    private static final int ERRANDS_IDLE_SECONDS = 10;

    private final Predictions predictions;
    private final ServerMetrics metrics;
    private final Models models;
    private final Inference inference;
    private final Health health;
    private final Lasting lasting = new Lasting();
    private final ThreadPoolExecutor errands;

    public GrpcService(Models models, Predictions predictions, ServerMetrics metrics) {
        this.models = models;
        this.predictions = predictions;
        this.metrics = metrics;
        errands =
                new ThreadPoolExecutor(
                        ERRANDS_AT_ONCE,
                        ERRANDS_AT_ONCE,
                        ERRANDS_IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(ERRANDS_WAITING_MAX),
                        Thread.ofPlatform().daemon().name("errand-", 0).factory());
        errands.allowCoreThreadTimeOut(true);
        inference = new Inference(models, this);
        health = new Health(models, predictions, lasting);
    }

    ServerMetrics metrics() {
        return metrics;
    }

    Predictions predictions() {
        return predictions;
    }

    /** The largest message that a method takes. */
    int messageBytesMax(String method) {
        return method.equals(Inference.INFER) || method.equals(Inference.STREAM)
                ? INFER_BYTES_MAX
                : QUESTION_BYTES_MAX;
    }

    Rpc open(Caller caller) throws Refused {
        var method = caller.head().method();
        return switch (method) {
            case Inference.INFER -> new Infer(caller, models, predictions);
            case Inference.STREAM -> new StreamInfer(caller, models, predictions, lasting);
            default ->
                    inference
                            .open(caller)
                            .or(() -> health.open(caller))
                            .or(() -> Reflection.open(caller, predictions, lasting))
                            .orElseThrow(() ->
                                    new Refused(
                                            Refused.Why.NOT_IMPLEMENTED, Inference.whyNot(method)));
        };
    }

    /** What would hold up an event loop: loading models, inflating large messages. */
    void errand(Runnable task) throws Refused {
        try {
            errands.execute(task);
        } catch (RejectedExecutionException _) {
            throw Refused.busy("more calls to load, unload or unpack wait than this server queues");
        }
    }

    /** Calls that may last end as soon as they are answered. */
    public void drain() {
        lasting.endSoon();
    }

    @Override
    public void close() {
        errands.shutdownNow();
    }
}
