package dev.marea.gateway.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import dev.marea.wire.feed.LoadCodec;
import dev.marea.wire.feed.Standing;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** An operator that says, word for word, what a test wants it to say. */
final class FakeOperator implements AutoCloseable {
    /** Ends the stream that is told it. */
    private static final String CUT = "\0cut";

    final List<LoadReport> reports = new CopyOnWriteArrayList<>();
    final AtomicInteger followers = new AtomicInteger();
    private final AtomicInteger feeds = new AtomicInteger();
    private final String name;
    private final LinkedBlockingDeque<String> words = new LinkedBlockingDeque<>();
    private final HttpServer server;
    private volatile Standing standing;
    private volatile boolean silent;

    FakeOperator(EventLoops loops, String name, boolean leads) throws IOException {
        this.name = name;
        this.standing = new Standing(name, leads, true);
        this.server = HttpServer.open(DoorSettings.of(loops, "127.0.0.1", 0), this::handle);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    void stands(boolean leads, boolean complete) {
        standing = new Standing(name, leads, complete);
    }

    /** From now on it neither beats nor answers. */
    void fallSilent() {
        silent = true;
    }

    void tell(Route... routes) {
        say(new FeedMessage.Reset());
        Stream.of(routes).map(FeedMessage.Put::new).forEach(this::say);
        say(new FeedMessage.Commit(1, routes.length));
    }

    /** Its second stream runs and the first one has ended, which could take a word for itself. */
    boolean followedAnew() {
        return feeds.get() == 2 && followers.get() == 1;
    }

    void share(GatewayShare share) {
        say(new FeedMessage.Beat(standing, share));
    }

    void say(FeedMessage message) {
        raw(new String(FeedCodec.write(message), StandardCharsets.UTF_8) + "\n");
    }

    void raw(String text) {
        words.add(text);
    }

    void cut() {
        words.add(CUT);
    }

    private void handle(Request request, Response response)
            throws IOException, InterruptedException {
        if (silent) {
            new CountDownLatch(1).await(); // until it is closed, which interrupts
        }
        switch (request.path()) {
            case "/v1/standing" -> response.send(200, Map.of(), FeedCodec.write(standing));
            case "/v1/load" -> {
                reports.add(LoadCodec.read(request.body()));
                response.send(200, Map.of(), FeedCodec.write(standing));
            }
            case "/v1/feed" -> feed(response);
            default -> response.send(404, Map.of(), new byte[0]);
        }
    }

    private void feed(Response response) throws IOException, InterruptedException {
        followers.incrementAndGet();
        feeds.incrementAndGet();
        try (var out = response.stream(200, Map.of())) {
            write(out, new FeedMessage.Hello(FeedCodec.FORMAT, standing));
            while (true) {
                var word = words.poll(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (word != null && response.clientGone()) {
                    words.addFirst(word); // it is for the next stream
                    return;
                }
                if (CUT.equals(word)) {
                    return;
                }
                if (word != null) {
                    out.write(word.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                } else if (!silent) {
                    write(out, new FeedMessage.Beat(standing, GatewayShare.ALONE));
                }
            }
        } catch (IOException gone) {
            // the gateway has left
        } finally {
            followers.decrementAndGet();
        }
    }

    private static void write(OutputStream out, FeedMessage message) throws IOException {
        out.write(FeedCodec.write(message));
        out.write('\n');
        out.flush();
    }

    static Route route(String name, String... hosts) {
        return new Route(
                new ServiceId("team", name),
                List.of(hosts),
                List.of(),
                0,
                Duration.ofSeconds(60),
                false);
    }

    @Override
    public void close() {
        server.close(Duration.ZERO);
    }
}
