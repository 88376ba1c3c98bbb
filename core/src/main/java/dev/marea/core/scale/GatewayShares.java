package dev.marea.core.scale;

import dev.marea.core.scale.LoadReport.RevisionLoad;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What several gateways say of one revision, summed second by second. Reports come a second apart
 * or closer: those of one second are averaged, and one that is late is stood in for by the one
 * before, until its gateway has been silent for too long.
 */
final class GatewayShares {
    /** A gateway reports every second; after this many without a word its share is gone. */
    static final int SILENT_SECONDS = 5;

    /** More than any fleet of gateways; what is beyond it is not counted. */
    private static final int GATEWAYS_MAX = 1_000;

    /** All gateways' load in one second that is over. */
    record Second(long second, double concurrency, double requests) {}

    interface Sink {
        void accept(Second second);
    }

    private static final class Share {
        private double sum;
        private int reports;
        private double last;
        private double requests;
        private int waiting;
        private long heard;

        double concurrency() {
            return reports == 0 ? last : sum / reports;
        }

        boolean alive(long second) {
            return second - heard <= SILENT_SECONDS;
        }

        void nextSecond() {
            sum = 0;
            reports = 0;
            requests = 0;
        }
    }

    private final Map<String, Share> shares = new HashMap<>();
    private long open = Long.MIN_VALUE;

    void record(String gateway, @Nullable RevisionLoad load, long second) {
        if (open == Long.MIN_VALUE) {
            open = second;
        }
        if (shares.size() >= GATEWAYS_MAX && !shares.containsKey(gateway)) {
            return;
        }
        var share = shares.computeIfAbsent(gateway, _ -> new Share());
        double concurrency = load == null ? 0 : load.concurrency();
        share.sum += concurrency;
        share.reports++;
        share.last = concurrency;
        share.requests += load == null ? 0 : load.requests();
        share.waiting = load == null ? 0 : load.waiting();
        share.heard = Math.max(share.heard, second);
    }

    /** Hands over every second that is over, at most as many as {@code windowSeconds}. */
    void closeBefore(long second, int windowSeconds, Sink sink) {
        if (open == Long.MIN_VALUE || second <= open) {
            return;
        }
        long from = Math.max(open, second - windowSeconds);
        for (long closing = from; closing < second; closing++) {
            close(closing, sink);
        }
        open = second;
        shares.values().removeIf(share -> !share.alive(second));
    }

    private void close(long closing, Sink sink) {
        double concurrency = 0;
        double requests = 0;
        boolean any = false;
        for (var share : shares.values()) {
            if (share.alive(closing)) {
                any = true;
                concurrency += share.concurrency();
                requests += share.requests;
            }
            share.nextSecond();
        }
        if (any) {
            sink.accept(new Second(closing, concurrency, requests));
        }
    }

    int waiting() {
        return shares.values().stream().mapToInt(s -> s.waiting).sum();
    }

    /** Whether any gateway has work for the revision by its latest word. */
    boolean busy() {
        return shares.values().stream().anyMatch(s -> s.waiting > 0 || s.last > 0);
    }

    boolean heardOfAny() {
        return !shares.isEmpty();
    }
}
