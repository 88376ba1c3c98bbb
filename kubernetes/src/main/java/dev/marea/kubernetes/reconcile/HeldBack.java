package dev.marea.kubernetes.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The services for which the API asked us to wait; news of them must not cut that short. */
final class HeldBack {
    private final Map<ResourceID, Long> until = new ConcurrentHashMap<>();

    void hold(ResourceID service, Duration wait) {
        until.put(service, System.nanoTime() + wait.toNanos());
    }

    /** How long a service must still wait. */
    Optional<Duration> left(ResourceID service) {
        var end = until.get(service);
        if (end == null) {
            return Optional.empty();
        }
        long left = end - System.nanoTime();
        if (left > 0) {
            return Optional.of(Duration.ofNanos(left));
        }
        until.remove(service, end);
        return Optional.empty();
    }

    void forget(ResourceID service) {
        until.remove(service);
    }
}
