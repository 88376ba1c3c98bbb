package dev.marea.server.door;

import dev.marea.server.grpc.GrpcService;
import dev.marea.server.models.Models;
import dev.marea.server.models.Offer;
import dev.marea.server.predict.CpuShare;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.ServerMetrics;
import dev.marea.server.rest.Rest;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Runtimes;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Models behind one door. The socket opens at once; readiness comes with the models. */
final class ModelServer implements AutoCloseable {
    private final ServerSettings settings;
    private final Models models;
    private final EventLoops loops;
    private final Predictions predictions;
    private final ServerMetrics metrics;
    private final Rest rest;
    private final Lazily<GrpcService> grpc;
    private final Doors doors;
    private final CompletableFuture<Duration> loading;

    private ModelServer(
            ServerSettings settings,
            Models models,
            EventLoops loops,
            CompletableFuture<Duration> loading)
            throws IOException {
        this.settings = settings;
        this.models = models;
        this.loops = loops;
        this.loading = loading;
        metrics = new ServerMetrics();
        if (settings.offer() instanceof Offer.One(var model)) {
            metrics.expect(model.name());
        }
        predictions = new Predictions(settings.work(), models, metrics);
        rest = new Rest(models, predictions, metrics);
        grpc = new Lazily<>(() -> new GrpcService(models, predictions, metrics));
        doors = Doors.open(settings, loops, this::connection);
        metrics.watch(doors.first().counters());
    }

    private Protocols connection() {
        return new Protocols(rest.connection(), grpc);
    }

    /** Loads on a thread of its own while the socket opens: a start costs the longer of the two. */
    static ModelServer open(ServerSettings settings, Supplier<Runtimes> runtimes)
            throws IOException {
        var models = settings.offer().models(settings.serving());
        var loading = load(models, runtimes);
        var loops = EventLoops.open(CpuShare.ofThisMachine().loops());
        try {
            return new ModelServer(settings, models, loops, loading);
        } catch (IOException failed) {
            loops.close();
            throw failed;
        }
    }

    private static CompletableFuture<Duration> load(Models models, Supplier<Runtimes> runtimes) {
        var loading = new CompletableFuture<Duration>();
        Thread.ofPlatform()
                .daemon()
                .name("load")
                .start(() -> {
                    long begun = System.nanoTime();
                    try {
                        models.start(runtimes.get());
                        loading.complete(Duration.ofNanos(System.nanoTime() - begun));
                    } catch (LoadFailure | RuntimeException | Error failed) {
                        loading.completeExceptionally(failed);
                    }
                });
        return loading;
    }

    int port() {
        return doors.first().port();
    }

    /** Where gRPC is served: on a port of its own, if one was asked for. */
    int grpcPort() {
        return doors.grpcPort();
    }

    boolean isReady() {
        return models.isReady();
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
                            settings.offer().path(),
                            "loading failed unexpectedly: " + failed.getCause(),
                            "please report this")
                    .causedBy(failed);
        }
    }

    /** Not ready from now on; requests that run or still arrive are answered within the drain. */
    @Override
    public void close() {
        models.drain();
        grpc.ifMade(GrpcService::drain);
        try {
            doors.close(settings.drain());
            rest.close();
            grpc.ifMade(GrpcService::close);
            predictions.end();
            models.close(); // one that still answers is closed with its last request
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        loops.close();
    }
}
