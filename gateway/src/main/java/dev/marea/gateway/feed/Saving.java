package dev.marea.gateway.feed;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the newest table to disk, on a thread of its own, and never more often than its cost
 * allows. Its own state belongs to the event loop.
 */
final class Saving {
    private static final Logger LOG = LoggerFactory.getLogger(Saving.class);

    /** A large table that changes all the time may take a twentieth of one processor. */
    private static final int REST_PER_WORK = 20;

    private final EventLoop loop;
    private final LastGood lastGood;
    private final Told told;
    private final Duration shortestGap;
    private boolean due;
    private boolean planned;
    private boolean failedBefore;
    private boolean over;

    Saving(EventLoop loop, LastGood lastGood, Told told, Duration shortestGap) {
        this.loop = loop;
        this.lastGood = lastGood;
        this.told = told;
        this.shortestGap = shortestGap;
    }

    /** There is a newer table. */
    void changed() {
        due = true;
        if (!planned) {
            planned = true;
            begin();
        }
    }

    private void begin() {
        due = false;
        Thread.ofVirtual().name("marea-last-good").start(this::save);
    }

    private void save() {
        long start = System.nanoTime();
        boolean failed = false;
        try {
            write();
        } catch (IOException full) {
            failed = true;
            if (!failedBefore) {
                LOG.warn("the table of routes cannot be saved: {}", full.toString());
            }
        }
        long rest = Math.max(shortestGap.toNanos(), (System.nanoTime() - start) * REST_PER_WORK);
        boolean again = failed;
        var _ = loop.schedule(() -> rested(again), rest, TimeUnit.NANOSECONDS);
    }

    /** Saves what is newest when the gateway ends, and nothing after it. */
    synchronized void end() throws IOException {
        try {
            write();
        } finally {
            over = true;
        }
    }

    private synchronized void write() throws IOException {
        if (over) {
            return;
        }
        var table = told.table();
        if (table.isPresent()) {
            lastGood.write(table.get(), told.share());
        }
    }

    private void rested(boolean failed) {
        failedBefore = failed;
        planned = due || failed;
        if (planned) {
            begin();
        }
    }
}
