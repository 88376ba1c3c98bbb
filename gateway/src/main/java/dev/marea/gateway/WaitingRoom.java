package dev.marea.gateway;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all queues share: the bound on all waiting requests, chance, and a clock that calls back.
 */
final class WaitingRoom {
    private final GatewaySettings.Waiting limits;
    private final Chance chance;
    private final ScheduledExecutorService timer;
    private final AtomicInteger waiting = new AtomicInteger();

    WaitingRoom(GatewaySettings.Waiting limits, Chance chance, ScheduledExecutorService timer) {
        this.limits = limits;
        this.chance = chance;
        this.timer = timer;
    }

    int perRevision() {
        return limits.perRevision();
    }

    Chance chance() {
        return chance;
    }

    boolean enter() {
        if (waiting.incrementAndGet() <= limits.total()) {
            return true;
        }
        waiting.decrementAndGet();
        return false;
    }

    void leave() {
        waiting.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }

    void later(long nanos, Runnable task) {
        try {
            var _ = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            // The gateway is closing: its waiting requests are being refused.
        }
    }
}
