package dev.marea.server.predict;

import java.time.Duration;

/** Stands still until it is moved; each look moves it by its pace. */
final class FakeClock implements Clock {
    private long now = 1_000_000_000;
    private long paceNanos;

    synchronized void pass(Duration time) {
        now += time.toNanos();
    }

    synchronized void pace(long nanos) {
        paceNanos = nanos;
    }

    @Override
    public synchronized long nanos() {
        now += paceNanos;
        return now;
    }

    @Override
    public synchronized long millis() {
        return now / 1_000_000;
    }
}
