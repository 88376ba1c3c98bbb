package dev.marea.server.llama.door;

import dev.marea.wire.http.Response;
import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.sse.SseWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer as server-sent events; begun by the first, so that an error before it has a status. */
final class Events {
    private static final Map<String, String> HEADERS =
            Map.of(
                    "content-type", "text/event-stream; charset=utf-8",
                    "cache-control", "no-cache",
                    "x-accel-buffering", "no");

    private final Response response;
    private @Nullable OutputStream out;

    Events(Response response) {
        this.response = response;
    }

    boolean begun() {
        return out != null;
    }

    void send(Json event) throws IOException {
        write(SseWriter.data(event));
        out().flush();
    }

    /** For clients that wait: a line that they skip. */
    void heartbeat() throws IOException {
        write(SseWriter.comment("waiting"));
        out().flush();
    }

    /** The good end. */
    void done() throws IOException {
        write(SseWriter.DONE);
        out().close();
    }

    /**
     * The bad end: an event that says why, and no {@code [DONE]}, so that it looks like no whole
     * answer.
     */
    void fail(ApiError error) throws IOException {
        write(SseWriter.data(error.json()));
        out().close();
    }

    private void write(byte[] bytes) throws IOException {
        out().write(bytes);
    }

    private OutputStream out() throws IOException {
        if (out == null) {
            out = response.stream(200, HEADERS);
        }
        return out;
    }
}
