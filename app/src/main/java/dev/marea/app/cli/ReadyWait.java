package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/** Waits until a service is ready, for so long and no longer. */
final class ReadyWait {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Cluster cluster;
    private final long deadlineNanos;
    private final Duration limit;

    ReadyWait(Cluster cluster, Duration limit) {
        this.cluster = cluster;
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
                return service;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new Failure(
                        "%s/%s is not ready after %d s: %s"
                                .formatted(namespace, name, limit.toSeconds(), service.why()));
            }
            Thread.sleep(PAUSE);
        }
    }
}
