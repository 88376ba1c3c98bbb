package dev.marea.gateway;

import dev.marea.wire.http.EventLoops;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;

/** What every connection of one gateway shares. */
final class GatewayContext {
    private static final long PEEKED_BYTES_MAX = 256L << 20;

    private final GatewaySettings settings;
    private final EventLoops loops;
    private final Directory directory;
    private final GatewayMetrics metrics;
    private final AccessLog access;
    private final LoadReporter reporter;
    private final Chance chance;
    private final Clock clock;
    private final ConcurrentHashMap<EventLoop, Upstreams> upstreams = new ConcurrentHashMap<>();
    private final PeekBudget peeks = new PeekBudget(PEEKED_BYTES_MAX);
    private volatile boolean draining;
    private volatile boolean lastCall;

    GatewayContext(
            GatewaySettings settings,
            EventLoops loops,
            Directory directory,
            GatewayMetrics metrics,
            AccessLog access,
            LoadReporter reporter,
            Chance chance,
            Clock clock) {
        this.settings = settings;
        this.loops = loops;
        this.directory = directory;
        this.metrics = metrics;
        this.access = access;
        this.reporter = reporter;
        this.chance = chance;
        this.clock = clock;
    }

    GatewaySettings settings() {
        return settings;
    }

    Directory directory() {
        return directory;
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    AccessLog access() {
        return access;
    }

    LoadReporter reporter() {
        return reporter;
    }

    Chance chance() {
        return chance;
    }

    PeekBudget peeks() {
        return peeks;
    }

    Clock clock() {
        return clock;
    }

    Upstreams upstreams(EventLoop loop) {
        return upstreams.computeIfAbsent(loop, l -> new Upstreams(l, loops, settings.forwarding()));
    }

    void closeUpstreams() {
        upstreams.forEach((loop, connections) -> loop.execute(connections::close));
    }

    /** It is about to close: load balancers should send nothing more. */
    boolean draining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /** Nobody may wait for a replica any more. */
    boolean isLastCall() {
        return lastCall;
    }

    void lastCall() {
        lastCall = true;
        directory.pools().forEach(RevisionPool::empty);
    }
}
