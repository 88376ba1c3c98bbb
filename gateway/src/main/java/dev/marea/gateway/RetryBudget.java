package dev.marea.gateway;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps retries a small share of the traffic: each request earns a fifth of one. A full purse lets
 * a busy replica die without an error; an outage soon empties it and is not made worse by retries.
 */
final class RetryBudget {
    private static final int FIFTHS_PER_RETRY = 5;
    private static final int FIFTHS_MAX = 256 * FIFTHS_PER_RETRY;

    private final AtomicInteger fifths = new AtomicInteger(FIFTHS_MAX);

    void request() {
        if (fifths.get() < FIFTHS_MAX) {
            fifths.incrementAndGet(); // may pass the maximum by a few: harmless
        }
    }

    boolean retry() {
        int had = fifths.get();
        while (had >= FIFTHS_PER_RETRY) {
            if (fifths.compareAndSet(had, had - FIFTHS_PER_RETRY)) {
                return true;
            }
            had = fifths.get();
        }
        return false;
    }
}
