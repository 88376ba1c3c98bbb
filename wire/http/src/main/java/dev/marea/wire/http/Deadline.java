package dev.marea.wire.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves often and is seldom met: moving it later costs nothing, because the timer
 * that is under way looks again when it fires. Used on its event loop only.
 */
public final class Deadline {
    private static final long NONE = Long.MAX_VALUE;

    private final EventExecutor loop;
    private final Runnable action;
    private long deadline = NONE;
    private long timerAt = NONE;
    private @Nullable Future<?> timer;

    public Deadline(EventExecutor loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    /** Sets it, or moves it. */
    public void in(long nanos) {
        deadline = System.nanoTime() + nanos;
        if (timer == null || timerAt - deadline > 0) {
            start();
        }
    }

    /** Nothing is due; a timer under way finds that out by itself. */
    public void off() {
        deadline = NONE;
    }

    /** For good: no timer stays behind. */
    public void close() {
        deadline = NONE;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void start() {
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = deadline;
        long delay = Math.max(0, deadline - System.nanoTime());
        timer = loop.schedule(this::look, delay, TimeUnit.NANOSECONDS);
    }

    private void look() {
        timer = null;
        if (deadline == NONE) {
            return;
        }
        if (deadline - System.nanoTime() > 0) {
            start();
        } else {
            deadline = NONE;
            action.run();
        }
    }
}
