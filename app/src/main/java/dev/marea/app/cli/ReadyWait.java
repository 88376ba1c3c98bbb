package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Waits until a service is ready, for so long and no longer. */
final class ReadyWait {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Consumer<String> live;
    private long lookNanos = System.nanoTime() + LOOK_EVERY.toNanos();
    private final long deadlineNanos;
    private final Duration limit;

    ReadyWait(Cluster cluster, Duration limit) {
        this(cluster, limit, _ -> {});
    }

    /**
     * @param live shows how far a fetch is that is waited for; an empty text is the end of it
     */
    ReadyWait(Cluster cluster, Duration limit, Consumer<String> live) {
        this.cluster = cluster;
        this.live = live;
        this.limit = limit;
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    ServiceView until(String namespace, String name)
            throws IOException, InterruptedException, Failure {
        return until(namespace, name, _ -> true);
    }

    /**
     * Waits for a ready service that is as the caller expects, where a status may still be of an
     * earlier platform.
     */
    ServiceView until(String namespace, String name, Predicate<ServiceView> asExpected)
            throws IOException, InterruptedException, Failure {
        while (true) {
            var service = Services.find(cluster, namespace, name);
            if (service.ready() && asExpected.test(service)) {
                live.accept("");
                return service;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new Failure(
                        "%s/%s is not ready after %d s: %s"
                                .formatted(namespace, name, limit.toSeconds(), service.why()));
            }
            look(namespace, name);
            Thread.sleep(PAUSE);
        }
    }

    private void look(String namespace, String name) throws IOException {
        if (System.nanoTime() - lookNanos > 0) {
            lookNanos = System.nanoTime() + LOOK_EVERY.toNanos();
            Replicas.of(cluster, namespace, name)
                    .fetching()
                    .ifPresent(progress -> live.accept(name + " " + ProgressBar.of(progress)));
        }
    }
}
