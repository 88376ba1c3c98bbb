package dev.marea.gateway;

import dev.marea.wire.http.Door;
import dev.marea.wire.http.DoorCounters;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane: one port for every service. Door, route, wait (and wake what sleeps), forward,
 * record.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewaySettings settings;
    private final GatewayMetrics metrics;
    private final ScheduledExecutorService timer;
    private final AccessLog access;
    private final LoadReporter reporter;
    private final WaitingRoom room;
    private final GatewayContext context;
    private final Door door;
    private final AutoCloseable subscription;

    private Gateway(
            GatewaySettings settings, EventLoops loops, RouteFeed feed, Clock clock, Chance chance)
            throws IOException {
        this.settings = settings;
        this.metrics = new GatewayMetrics(settings.seriesMax());
        this.access = new AccessLog(settings.access(), metrics.accessLinesDropped::inc);
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("gateway-timer").factory());
        this.room = new WaitingRoom(settings.waiting(), chance, timer);
        var directory = new Directory(room, metrics);
        this.reporter = new LoadReporter(settings.name(), directory, feed, room);
        this.context =
                new GatewayContext(
                        settings, loops, directory, metrics, access, reporter, chance, clock);
        this.subscription = feed.subscribe(directory);
        this.door = open(loops);
        DoorCounters counters = door.counters();
        metrics.watch(directory::pools, counters::open, room::waiting);
        metrics.watch(feed);
        reporter.start();
    }

    private Door open(EventLoops loops) throws IOException {
        var doorSettings =
                new DoorSettings(
                        loops,
                        settings.host(),
                        settings.port(),
                        Optional.empty(),
                        settings.limits(),
                        Answer::json);
        try {
            return Door.open(doorSettings, () -> new ClientConnection(context));
        } catch (IOException taken) {
            stopParts();
            throw taken;
        }
    }

    /**
     * Opens the port; if the feed knows no table yet, requests are refused until it does. Loops and
     * feed stay the caller's.
     */
    public static Gateway open(GatewaySettings settings, EventLoops loops, RouteFeed feed)
            throws IOException {
        return new Gateway(settings, loops, feed, Clock.systemUTC(), Chance.TRUE);
    }

    public static Gateway open(
            GatewaySettings settings, EventLoops loops, RouteFeed feed, Clock clock, Chance chance)
            throws IOException {
        return new Gateway(settings, loops, feed, clock, chance);
    }

    public int port() {
        return door.port();
    }

    /**
     * False until the first table is known and once it is closing: load balancers should look
     * elsewhere.
     */
    public boolean ready() {
        return context.directory().told() && !context.draining();
    }

    /** Requests answered since it opened, refusals among them. */
    public long requests() {
        return metrics.answered.sum();
    }

    /** In Prometheus' text format, for the admin door. */
    public String metrics() {
        return metrics.text();
    }

    /**
     * Says that it is not ready, and goes on until that has got about; then stops accepting and
     * lets requests finish. Those that still wait for a replica near the end are refused, so that
     * their clients hear a reason.
     */
    @Override
    public void close() {
        context.drain();
        waitUntilItGotAbout();
        long lastCall = settings.drain().toNanos() * 4 / 5;
        room.later(lastCall, context::lastCall);
        door.close(settings.drain());
        context.closeUpstreams();
        stopParts();
    }

    private void waitUntilItGotAbout() {
        try {
            Thread.sleep(settings.lead());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopParts() {
        reporter.stop();
        try {
            subscription.close();
        } catch (Exception failed) {
            LOG.warn("the route feed did not let go: {}", failed.toString());
        }
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("the gateway's timer is still busy");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        access.close();
    }
}
