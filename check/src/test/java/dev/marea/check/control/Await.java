package dev.marea.check.control;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A wait for a condition, with a deadline. */
final class Await {
    private static final long STEP_NANOS = 5_000_000;

    private Await() {}

    static void until(String what, int seconds, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within %d s: %s".formatted(seconds, what));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
