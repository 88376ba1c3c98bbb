package dev.marea.app.agent;

import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * The repository calls of a model server, as Triton has them: any server that knows them will do.
 */
public final class ServerCalls implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration LIVE = Duration.ofSeconds(5);

    /** A large model takes its time. */
    private static final Duration LOAD = Duration.ofMinutes(10);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
    private final URI server;

    public ServerCalls(URI server) {
        this.server = server;
    }

    boolean live() throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(server.resolve("/v2/health/live")).timeout(LIVE).build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    void load(String model) throws IOException, InterruptedException {
        var answer = post(model, "load");
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
    }

    /** One that is not loaded is no trouble. */
    void unload(String model) throws IOException, InterruptedException {
        var answer = post(model, "unload");
        if (answer.statusCode() != 200 && answer.statusCode() != 404) {
            throw refused(answer);
        }
    }

    private HttpResponse<String> post(String model, String what)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(
                                server.resolve("/v2/repository/models/" + model + "/" + what))
                        .timeout(LOAD)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}"))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static IOException refused(HttpResponse<String> answer) {
        String why;
        try {
            why = JsonReader.read(answer.body()).text("error").orElse(answer.body());
        } catch (JsonReader.MalformedJson _) {
            why = answer.body();
        }
        return new IOException("the server answered %d: %s".formatted(answer.statusCode(), why));
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
