package dev.marea.wire.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection's timer, moved for every request at the price of a field: only a deadline that
 * comes before the scheduled one schedules anew. Used on the connection's event loop.
 */
final class Deadline {
    private final EventExecutor loop;
    private final Runnable action;
    private long due;
    private long scheduledFor;
    private @Nullable Future<?> scheduled;

    Deadline(EventExecutor loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    void set(Duration fromNow) {
        due = System.nanoTime() + fromNow.toNanos();
        if (scheduled != null && due - scheduledFor < 0) {
            scheduled.cancel(false);
            scheduled = null;
        }
        if (scheduled == null) {
            schedule();
        }
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }

    private void schedule() {
        scheduledFor = due;
        scheduled =
                loop.schedule(
                        this::fire, Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        scheduled = null;
        if (System.nanoTime() - due < 0) {
            schedule();
        } else {
            action.run();
        }
    }
}
