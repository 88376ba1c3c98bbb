package dev.marea.app.agent;

import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The repository calls of the server in the same pod. */
final class ServerDoor implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(10);

    /** A large model is read from a slow disk in this time. */
    private static final Duration LOAD_MAX = Duration.ofMinutes(15);

    private final URI server;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(SHORT)
                    .build();

    ServerDoor(URI server) {
        this.server = server;
    }

    /** It cannot be asked, now; it may be starting. */
    static final class NotThere extends IOException {
        private static final long serialVersionUID = 1;

        NotThere(String message) {
            super(message);
        }
    }

    /** Why the server does not serve it; empty where it does. */
    Optional<String> load(String model) throws IOException, InterruptedException {
        var answer = call(model, "load", LOAD_MAX);
        return answer.statusCode() == 200 ? Optional.empty() : Optional.of(words(answer));
    }

    /** The server may not know it, which is as well. */
    void unload(String model) throws IOException, InterruptedException {
        var answer = call(model, "unload", SHORT.multipliedBy(4));
        int status = answer.statusCode();
        if (status != 200 && status != 404 && status != 400) {
            throw new IOException("the server did not unload it: " + words(answer));
        }
    }

    private HttpResponse<String> call(String model, String what, Duration limit)
            throws IOException, InterruptedException {
        if (send(request("/v2/health/ready", SHORT).GET()).statusCode() != 200) {
            throw new NotThere("the server is not ready");
        }
        return send(
                request("/v2/repository/models/" + model + "/" + what, limit)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")));
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(limit);
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new NotThere("the server cannot be asked: " + failed);
        }
    }

    private static String words(HttpResponse<String> answer) {
        try {
            var error = JsonReader.read(answer.body()).text("error");
            if (error.isPresent()) {
                return error.get();
            }
        } catch (MalformedJson _) {
            // another server's page; its status must do
        }
        return "the server answered " + answer.statusCode();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
