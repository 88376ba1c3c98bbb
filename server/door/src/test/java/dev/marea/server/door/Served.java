package dev.marea.server.door;

import dev.marea.server.models.ModelSettings;
import dev.marea.server.runtime.Runtimes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A model server over a fake runtime, and a client of it. */
final class Served implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    final ModelServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Served(ModelServer server) {
        this.server = server;
    }

    static Served open(Path home, String file, FakeRuntime runtime) throws IOException {
        return open(home, file, runtime, settings -> settings);
    }

    static Served open(
            Path home, String file, FakeRuntime runtime, UnaryOperator<ServerSettings> change)
            throws IOException {
        var model = home.resolve(file);
        Files.writeString(model, "model");
        var settings =
                change.apply(
                        ServerSettings.of(
                                new ModelSettings("m", model, Optional.empty(), false),
                                "127.0.0.1",
                                0));
        return new Served(ModelServer.open(settings, () -> new Runtimes(List.of(runtime))));
    }

    static Served ready(Path home, String file) throws Exception {
        var served = open(home, file, new FakeRuntime());
        served.server.awaitLoaded();
        return served;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(DEADLINE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) throws Exception {
        return client.send(request.build(), body);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(to(path));
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                to(path).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> predict(String body) throws Exception {
        return post("/v1/models/m:predict", body);
    }

    HttpResponse<String> infer(String body) throws Exception {
        return post("/v2/models/m/infer", body);
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
    }
}
