package dev.marea.wire.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The one server that a test opens; it closes when the test has ended. */
final class ServerOfTest implements AfterEachCallback {
    private final EventLoops loops = EventLoops.open(1);
    private @Nullable HttpServer server;

    DoorSettings settings(int port) {
        return DoorSettings.of(loops, "127.0.0.1", port);
    }

    int open(DoorSettings settings, Handler handler) throws IOException {
        server = HttpServer.open(settings, handler);
        return server.port();
    }

    int open(HttpLimits limits, Handler handler) throws IOException {
        return open(settings(0).with(limits), handler);
    }

    /** Says of every request which it was. */
    int echo(HttpLimits limits) throws IOException {
        return open(
                limits,
                (request, response) ->
                        response.send(
                                200,
                                Map.of(),
                                "%s %s %d;"
                                        .formatted(
                                                request.path(),
                                                request.query(),
                                                request.body().length)
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    DoorCounters counters() {
        return running().counters();
    }

    void close(Duration drain) {
        running().close(drain);
    }

    private HttpServer running() {
        if (server == null) {
            throw new IllegalStateException("the test has opened no server");
        }
        return server;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (server != null) {
            server.close(Duration.ofMillis(100));
        }
        loops.close();
    }
}
