package dev.marea.kubernetes.feed;

import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.routes.RouteSource;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import dev.marea.wire.feed.LoadCodec;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.HttpLimits;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import dev.marea.wire.http.ServerTls;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where gateways learn their routes and tell their load; only those that show a certificate of ours
 * are let in. Each gateway is served by a thread of its own and told the newest state when it has
 * taken the one before, so that a slow one costs others nothing and us no memory.
 */
public final class FeedDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedDoor.class);

    /** Also how often a gateway hears that nothing changed. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** How often a replica that has just started asks itself whether it knows all routes. */
    private static final Duration IMPATIENCE = Duration.ofMillis(100);

    private static final Duration STALLED = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final int CONNECTIONS_MAX = 4_000;
    private static final int REQUESTS_MAX = 2_000;
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final Map<String, String> LINES =
            Map.of("content-type", "application/x-ndjson", "cache-control", "no-store");

    private final RouteSource source;
    private final Supplier<Standing> standing;
    private final Bulletin bulletin = new Bulletin();
    private final GatewayFleet fleet;
    private final AutoCloseable subscription;
    private final HttpServer server;

    private FeedDoor(
            DoorSettings settings,
            RouteSource source,
            Supplier<Standing> standing,
            InstantSource clock)
            throws IOException {
        this.source = source;
        this.standing = standing;
        this.fleet = new GatewayFleet(clock, bulletin::stir);
        this.server = HttpServer.open(settings, this::handle);
        this.subscription = source.subscribe(bulletin::post);
    }

    /**
     * Opens the port on all addresses.
     *
     * @param tls asks clients for a certificate
     * @param standing asked before every message
     */
    public static FeedDoor open(
            Installation at,
            ServerTls tls,
            RouteSource source,
            Supplier<Standing> standing,
            InstantSource clock)
            throws IOException {
        var limits =
                HttpLimits.DEFAULTS
                        .withBody(LoadCodec.BYTES_MAX)
                        .withLoad(CONNECTIONS_MAX, REQUESTS_MAX)
                        .withStalled(STALLED);
        var settings = DoorSettings.of(at.loops(), "0.0.0.0", at.feedPort()).with(limits).with(tls);
        return new FeedDoor(settings, source, standing, clock);
    }

    /** Without certificates, for tests of what is said. */
    static FeedDoor open(
            DoorSettings settings,
            RouteSource source,
            Supplier<Standing> standing,
            InstantSource clock)
            throws IOException {
        return new FeedDoor(settings, source, standing, clock);
    }

    public int port() {
        return server.port();
    }

    private void handle(Request request, Response response)
            throws IOException, InterruptedException {
        switch (request.method() + " " + request.path()) {
            case "GET /v1/feed" -> feed(request, response);
            case "GET /v1/standing" -> response.send(200, JSON, FeedCodec.write(standing()));
            case "POST /v1/load" -> load(request, response);
            default -> refuse(response, 404, "ask for /v1/feed, /v1/standing or /v1/load");
        }
    }

    /** One that closes is not to be followed. */
    private Standing standing() {
        var now = standing.get();
        return bulletin.isOpen() ? now : new Standing(now.operator(), false, false);
    }

    private void load(Request request, Response response) throws IOException {
        try {
            var report = LoadCodec.read(request.body());
            fleet.heard(report.gateway());
            source.accept(report);
            response.send(200, JSON, FeedCodec.write(standing()));
        } catch (MalformedJson odd) {
            refuse(response, 400, String.valueOf(odd.getMessage()));
        }
    }

    private void feed(Request request, Response response) throws IOException, InterruptedException {
        var gateway = request.parameter("gateway");
        if (gateway.isEmpty()) {
            refuse(response, 400, "the parameter 'gateway' must name the gateway");
            return;
        }
        fleet.heard(gateway.get());
        LOG.info("gateway {} follows", gateway.get());
        try (var out = response.stream(200, LINES)) {
            var reading = new Reading(out);
            reading.say(new FeedMessage.Hello(FeedCodec.FORMAT, standing()));
            for (long seen = bulletin.edition(); bulletin.isOpen(); ) {
                // In this order: a table read before the word 'complete' may not be.
                var now = standing();
                if (now.complete()) {
                    reading.tell(bulletin.table());
                }
                reading.say(new FeedMessage.Beat(now, fleet.share(gateway.get())));
                out.flush();
                seen = bulletin.await(seen, now.complete() ? BEAT : IMPATIENCE);
            }
        } catch (IOException gone) {
            LOG.info("gateway {} follows no more: {}", gateway.get(), gone.getMessage());
        }
    }

    private static void refuse(Response response, int status, String why) throws IOException {
        response.send(
                status,
                Map.of("content-type", "text/plain; charset=utf-8"),
                (why + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Ends every stream, so that gateways turn to another replica at once. */
    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception failed) {
            LOG.warn("the route table did not let go: {}", failed.toString());
        }
        bulletin.close();
        server.close(DRAIN);
    }
}
