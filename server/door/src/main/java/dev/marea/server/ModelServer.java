package dev.marea.server;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Runtimes;
import dev.marea.wire.http.Door;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One model behind one door. The socket opens at once; readiness comes with the model. */
final class ModelServer implements AutoCloseable {
    private static final Duration WORKERS_END = Duration.ofSeconds(1);

    private final ServerSettings settings;
    private final ServedModel model;
    private final EventLoops loops;
    private final ThreadPoolExecutor workers;
    private final ServerMetrics metrics;
    private final Door door;
    private final CompletableFuture<Duration> loading;

    private ModelServer(
            ServerSettings settings,
            ServedModel model,
            EventLoops loops,
            CompletableFuture<Duration> loading)
            throws IOException {
        this.settings = settings;
        this.model = model;
        this.loops = loops;
        this.loading = loading;
        workers = Predictions.workers(settings);
        metrics = new ServerMetrics(model.name(), () -> workers.getQueue().size());
        door = Door.open(DoorSettings.of(loops, settings.host(), settings.port()), connections());
        metrics.watch(door.counters());
    }

    private Supplier<Connection> connections() {
        var questions = new Questions(model, metrics);
        var predictions = new Predictions(settings, model, metrics, workers);
        return () -> new Connection(model, questions, predictions, metrics);
    }

    /** Loads on a thread of its own while the socket opens: a start costs the longer of the two. */
    static ModelServer open(ServerSettings settings, Supplier<Runtimes> runtimes)
            throws IOException {
        var model = new ServedModel(settings);
        var loading = load(model, runtimes);
        var loops = EventLoops.nio(1);
        try {
            return new ModelServer(settings, model, loops, loading);
        } catch (IOException failed) {
            loops.close();
            throw failed;
        }
    }

    private static CompletableFuture<Duration> load(
            ServedModel model, Supplier<Runtimes> runtimes) {
        var loading = new CompletableFuture<Duration>();
        Thread.ofPlatform()
                .daemon()
                .name("load")
                .start(() -> {
                    long begun = System.nanoTime();
                    try {
                        model.load(runtimes.get());
                        loading.complete(Duration.ofNanos(System.nanoTime() - begun));
                    } catch (LoadFailure | RuntimeException | Error failed) {
                        loading.completeExceptionally(failed);
                    }
                });
        return loading;
    }

    int port() {
        return door.port();
    }

    boolean isReady() {
        return model.isReady();
    }

    /** Waits for the model; how long a load may take is the platform's to decide. */
    Duration awaitLoaded() throws LoadFailure, InterruptedException {
        try {
            var took = loading.get();
            metrics.loaded(took);
            return took;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LoadFailure reason) {
                throw reason;
            }
            throw new LoadFailure(
                            settings.model(),
                            "loading failed unexpectedly: " + failed.getCause(),
                            "please report this")
                    .causedBy(failed);
        }
    }

    /** Not ready from now on; requests that run or still arrive are answered within the drain. */
    @Override
    public void close() {
        model.drain();
        door.close(settings.drain());
        workers.shutdownNow();
        try {
            if (workers.awaitTermination(WORKERS_END.toMillis(), TimeUnit.MILLISECONDS)) {
                model.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        loops.close();
    }
}
