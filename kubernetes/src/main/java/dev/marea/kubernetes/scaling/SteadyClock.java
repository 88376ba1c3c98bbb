package dev.marea.kubernetes.scaling;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Begins at the machine's time and then only counts what passes: windows of load must not notice
 * that somebody sets the clock.
 */
public final class SteadyClock implements InstantSource {
    private final Instant began;
    private final long beganNanos;

    private SteadyClock(Instant began) {
        this.began = began;
        this.beganNanos = System.nanoTime();
    }

    public static SteadyClock from(InstantSource clock) {
        return new SteadyClock(clock.instant());
    }

    @Override
    public Instant instant() {
        return began.plusNanos(System.nanoTime() - beganNanos);
    }
}
