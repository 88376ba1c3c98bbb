package dev.marea.server.models;

import dev.marea.server.runtime.LoadedModel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model in memory. It stays there while anyone has a lease on it; once it is retired nobody gets
 * a new one, and the last one to give his back closes it.
 */
final class Resident {
    private static final int RETIRED = 1 << 30;

    private final LoadedModel loaded;
    private final long bytes;
    private final Runnable onClosed;
    private final AtomicInteger leases = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long lastUsed;

    /** Gives one lease back; one object for all of them. */
    final Runnable release = this::release;

    Resident(LoadedModel loaded, long bytes, long now, Runnable onClosed) {
        this.loaded = loaded;
        this.bytes = bytes;
        this.onClosed = onClosed;
        lastUsed = now;
    }

    LoadedModel loaded() {
        return loaded;
    }

    long bytes() {
        return bytes;
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Nobody has a lease, and it is not retired. */
    boolean isIdle() {
        return leases.get() == 0;
    }

    /** False where it is retired. */
    boolean lease(long now) {
        int before = leases.get();
        while (before < RETIRED) {
            if (leases.compareAndSet(before, before + 1)) {
                lastUsed = now;
                return true;
            }
            before = leases.get();
        }
        return false;
    }

    private void release() {
        if (leases.decrementAndGet() == RETIRED) {
            close();
        }
    }

    /** Retires it if nobody has a lease. */
    boolean retireIdle() {
        if (leases.compareAndSet(0, RETIRED)) {
            close();
            return true;
        }
        return false;
    }

    /** No more leases; closes when the last one is back. A second call does nothing. */
    void retire() {
        int before = leases.getAndUpdate(count -> count | RETIRED);
        if (before == 0) {
            close();
        }
    }

    private void close() {
        try {
            loaded.close();
        } finally {
            onClosed.run();
            closed.countDown();
        }
    }

    /** Whether it is closed within this time. */
    boolean awaitClosed(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }
}
