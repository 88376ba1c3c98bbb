package dev.marea.local.work;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The clock and its alarms, so that a test can move both. */
public interface Time {
    Instant now();

    /** Runs the task once after the delay, on a virtual thread, unless cancelled before. */
    Alarm after(Duration delay, Runnable task);

    /** A task that has yet to run. */
    @FunctionalInterface
    interface Alarm {
        Alarm NONE = () -> {};

        void cancel();
    }

    /** The machine's clock; its one thread is a daemon and only starts others. */
    static Time system() {
        var clock =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("alarms").factory());
        clock.setRemoveOnCancelPolicy(true);
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public Alarm after(Duration delay, Runnable task) {
                var due =
                        clock.schedule(
                                () -> Thread.startVirtualThread(task),
                                Math.max(0, delay.toNanos()),
                                TimeUnit.NANOSECONDS);
                return () -> due.cancel(false);
            }
        };
    }
}
