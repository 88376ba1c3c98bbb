package dev.marea.app.role;

import dev.marea.app.platform.AdminDoor;
import dev.marea.app.platform.Closing;
import dev.marea.app.platform.Version;
import dev.marea.gateway.Gateway;
import dev.marea.gateway.GatewaySettings;
import dev.marea.gateway.RouteFeed;
import dev.marea.gateway.feed.FeedSettings;
import dev.marea.gateway.feed.RemoteFeed;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane in a pod of its own, {@code marea gateway}. It never speaks to the API. */
public final class GatewayRole {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayRole.class);
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final int LOOP_THREADS =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 16);

    private final GatewayConfig config;
    private final Pod pod;
    private final AtomicReference<@Nullable Gateway> gateway = new AtomicReference<>();

    private GatewayRole(GatewayConfig config, Pod pod) {
        this.config = config;
        this.pod = pod;
    }

    /** Where a gateway learns its routes; it may wait for the first table. */
    @FunctionalInterface
    interface Feed {
        RouteFeed open(EventLoops loops, Closing parts) throws IOException;
    }

    /** Runs with the routes that operators tell. */
    public static void run(GatewayConfig config, Pod pod) throws IOException, InterruptedException {
        run(config, pod, (_, parts) -> parts.add("feed", RemoteFeed.open(feed(config, pod))));
    }

    static FeedSettings feed(GatewayConfig config, Pod pod) {
        var host = config.feedHost().orElse("marea-operator-feed." + pod.namespace() + ".svc");
        return FeedSettings.of(
                pod.name(),
                host,
                config.feedPort(),
                Optional.of(FeedSettings.Papers.in(config.tls())),
                config.lastGood());
    }

    /** Returns when the process was told to end and the last request is answered. */
    static void run(GatewayConfig config, Pod pod, Feed feed)
            throws IOException, InterruptedException {
        var ending = Ending.onSignal();
        var role = new GatewayRole(config, pod);
        try (var parts = new Closing()) {
            role.open(parts, feed);
            ending.await();
            LOG.info(
                    "not ready any more; closing in {} s, then at most {} s for what is in flight",
                    config.notice().toSeconds(),
                    config.drain().toSeconds());
        } finally {
            ending.done();
        }
    }

    private void open(Closing parts, Feed feed) throws IOException {
        long began = System.nanoTime();
        var loops = parts.add("event loops", EventLoops.open(LOOP_THREADS));
        // It outlives the gateway's port, so that a kubelet sees a drain and no dead process.
        parts.add(
                "admin door",
                AdminDoor.open(
                        DoorSettings.of(loops, ANY_ADDRESS, config.adminPort()),
                        this::metrics,
                        this::ready));
        var routes = feed.open(loops, parts);
        gateway.set(parts.add("gateway", Gateway.open(settings(config, pod), loops, routes)));
        LOG.info(
                "the gateway {} serves on port {} after {} ms",
                Version.CURRENT,
                config.port(),
                (System.nanoTime() - began) / 1_000_000);
    }

    static GatewaySettings settings(GatewayConfig config, Pod pod) {
        return GatewaySettings.of(pod.name(), ANY_ADDRESS, config.port())
                .withLead(config.notice())
                .withDrain(config.drain());
    }

    private String metrics() {
        var open = gateway.get();
        return open == null ? "" : open.metrics();
    }

    private boolean ready() {
        var open = gateway.get();
        return open != null && open.ready();
    }
}
