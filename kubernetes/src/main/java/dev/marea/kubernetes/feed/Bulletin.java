package dev.marea.kubernetes.feed;

import dev.marea.core.route.RouteTable;
import java.time.Duration;

/**
 * The newest table, for readers each of which goes at its own pace: who was slow finds only what is
 * true now.
 */
final class Bulletin {
    private RouteTable table = RouteTable.EMPTY;
    private long edition;
    private boolean open = true;

    synchronized void post(RouteTable newest) {
        table = newest;
        stir();
    }

    /** Something else that readers tell has changed. */
    synchronized void stir() {
        edition++;
        notifyAll();
    }

    synchronized RouteTable table() {
        return table;
    }

    synchronized long edition() {
        return edition;
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized void close() {
        open = false;
        notifyAll();
    }

    /** Returns the edition at once if it is newer than {@code seen}, else after a while. */
    synchronized long await(long seen, Duration longest) throws InterruptedException {
        long due = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos();
                edition == seen && open && left > 0;
                left = due - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return edition;
    }
}
