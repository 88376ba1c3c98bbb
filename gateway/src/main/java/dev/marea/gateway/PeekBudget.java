package dev.marea.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** How much of all bodies may be held while their models are looked for. */
final class PeekBudget {
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    PeekBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }
}
