package dev.marea.wire.llm.sse;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of events and comments. JSON is one line, so that data needs no splitting. */
public final class SseWriter {
    /** How an OpenAI stream ends. */
    public static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private SseWriter() {}

    public static byte[] data(Json value) {
        return event("", value);
    }

    public static byte[] event(String name, Json value) {
        var bytes = new ByteArrayOutputStream(256);
        if (!name.isEmpty()) {
            bytes.writeBytes(("event: " + oneLine(name) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        bytes.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(JsonWriter.bytes(value));
        bytes.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** A line that every client skips: the heartbeat of a stream that has nothing to tell yet. */
    public static byte[] comment(String text) {
        return (": " + oneLine(text) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }
}
