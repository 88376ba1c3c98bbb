package dev.marea.gateway.feed;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next try: doubled with every failure, and never twice the same. */
final class Backoff {
    private final long firstNanos;
    private final long maxNanos;
    private int failures;

    Backoff(Duration first, Duration max) {
        this.firstNanos = first.toNanos();
        this.maxNanos = max.toNanos();
    }

    long nextNanos() {
        long whole = Math.min(maxNanos, firstNanos << Math.min(failures, 16));
        failures++;
        return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    }

    void reset() {
        failures = 0;
    }
}
