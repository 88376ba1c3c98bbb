package dev.marea.gateway;

import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator every second what each revision carries (idle ones too, so that silence always
 * means a lost gateway), and at once when a request finds no replica.
 */
final class LoadReporter {
    private static final Logger LOG = LoggerFactory.getLogger(LoadReporter.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Urgent reports are no closer than this: a burst of requests is one piece of news. */
    private static final long URGENT_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String gateway;
    private final Directory directory;
    private final RouteFeed feed;
    private final WaitingRoom room;
    private final AtomicBoolean urgent = new AtomicBoolean();
    private volatile long lastUrgent = System.nanoTime() - URGENT_GAP_NANOS;
    private volatile boolean stopped;

    LoadReporter(String gateway, Directory directory, RouteFeed feed, WaitingRoom room) {
        this.gateway = gateway;
        this.directory = directory;
        this.feed = feed;
        this.room = room;
    }

    void start() {
        room.later(EVERY_NANOS, this::tick);
    }

    void stop() {
        stopped = true;
    }

    void urgently() {
        if (urgent.compareAndSet(false, true)) {
            long since = System.nanoTime() - lastUrgent;
            room.later(Math.max(0, URGENT_GAP_NANOS - since), this::reportUrgently);
        }
    }

    private void reportUrgently() {
        urgent.set(false);
        lastUrgent = System.nanoTime();
        report();
    }

    private void tick() {
        if (!stopped) {
            report();
            room.later(EVERY_NANOS, this::tick);
        }
    }

    private void report() {
        long now = System.nanoTime();
        var loads = new ArrayList<RevisionLoad>();
        for (var pool : directory.pools()) {
            var reading = pool.load().read(now);
            loads.add(
                    new RevisionLoad(
                            pool.service(),
                            pool.revision(),
                            reading.concurrency(),
                            reading.requests(),
                            pool.waiting()));
        }
        try {
            feed.report(new LoadReport(gateway, loads));
        } catch (RuntimeException failed) {
            // A feed that is down must not stop the reports: the next one may get through.
            LOG.warn("a load report was not taken: {}", failed.toString());
        }
    }
}
