package dev.marea.server.llama.door;

import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.openai.ApiError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers that are told whole. */
final class Answers {
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final Map<String, String> TEXT =
            Map.of("content-type", "text/plain; charset=utf-8");

    private Answers() {}

    static void json(Response response, int status, Json body) throws IOException {
        response.send(status, JSON, JsonWriter.bytes(body));
    }

    static void text(Response response, int status, String body) throws IOException {
        response.send(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
    }

    static void error(Response response, ApiError error) throws IOException {
        var headers =
                error.status() == 503
                        ? Map.of("content-type", "application/json", "retry-after", "1")
                        : JSON;
        response.send(error.status(), headers, JsonWriter.bytes(error.json()));
    }
}
