package dev.marea.local.node;

import java.time.Duration;
import java.time.Instant;

/** How long a container that keeps ending waits: not at all, then 10 s, doubling to 5 minutes. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(5);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private Duration next = Duration.ZERO;

    Duration pause(Instant started, Instant ended) {
        if (Duration.between(started, ended).compareTo(FORGIVEN_AFTER) >= 0) {
            next = Duration.ZERO;
        }
        var pause = next;
        var doubled = next.isZero() ? FIRST : next.multipliedBy(2);
        next = doubled.compareTo(MAX) > 0 ? MAX : doubled;
        return pause;
    }
}
