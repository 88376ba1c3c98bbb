package dev.marea.app.platform;

import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.Handler;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.http.Request;
import dev.marea.wire.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Health and metrics, on a port of its own that models never see. */
public final class AdminDoor implements Handler {
    private static final Map<String, String> TEXT =
            Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");

    private final Supplier<String> metrics;
    private final BooleanSupplier ready;

    private AdminDoor(Supplier<String> metrics, BooleanSupplier ready) {
        this.metrics = metrics;
        this.ready = ready;
    }

    public static HttpServer open(
            DoorSettings settings, Supplier<String> metrics, BooleanSupplier ready)
            throws IOException {
        return HttpServer.open(settings, new AdminDoor(metrics, ready));
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            response.send(405, Map.of("Allow", "GET, HEAD"), bytes("only GET is served here\n"));
            return;
        }
        switch (request.path()) {
            case "/healthz", "/livez" -> response.send(200, TEXT, bytes("ok\n"));
            case "/readyz" ->
                    response.send(
                            ready.getAsBoolean() ? 200 : 503,
                            TEXT,
                            bytes(ready.getAsBoolean() ? "ok\n" : "starting or closing\n"));
            case "/metrics" -> response.send(200, TEXT, bytes(metrics.get()));
            default -> response.send(404, TEXT, bytes("known paths: /healthz /readyz /metrics\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
