package dev.marea.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline that moves often and rings seldom: moving it later costs nothing, because the timer
 * that is under way looks again when it fires. Used on its event loop only.
 */
final class Alarm {
    private static final long NONE = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Runnable ring;
    private long deadline = NONE;
    private long timerAt = NONE;
    private @Nullable Future<?> timer;

    Alarm(EventLoop loop, Runnable ring) {
        this.loop = loop;
        this.ring = ring;
    }

    void in(long nanos) {
        deadline = System.nanoTime() + nanos;
        if (timer == null || timerAt - deadline > 0) {
            start();
        }
    }

    void off() {
        deadline = NONE;
    }

    /** For good: no timer stays behind. */
    void close() {
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
            ring.run();
        }
    }
}
