package dev.marea.gateway;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.sse.SseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The error of a stream whose head was sent before its replica was known: what would have been a
 * status and a body becomes an event.
 */
final class EarlyStream {
    private static final int ERROR_BYTES_MAX = 64 << 10;

    private final ByteArrayOutputStream refusal = new ByteArrayOutputStream();
    private int status;

    /** The replica refuses; its words follow. */
    void refused(int replicasStatus) {
        status = replicasStatus;
    }

    boolean isRefused() {
        return status != 0;
    }

    int status() {
        return status;
    }

    void words(ByteBuf part) {
        int length = Math.min(part.readableBytes(), ERROR_BYTES_MAX - refusal.size());
        var bytes = new byte[Math.max(0, length)];
        part.getBytes(part.readerIndex(), bytes);
        refusal.writeBytes(bytes);
    }

    /** The replica's own error where it is one that clients read, else ours. */
    ByteBuf event(String path) {
        var text = refusal.toString(StandardCharsets.UTF_8);
        try {
            if (JsonReader.read(text) instanceof Json.Obj told && told.has("error")) {
                return event(path, JsonWriter.bytes(told));
            }
        } catch (JsonReader.MalformedJson _) {
            // a replica may refuse in plain words
        }
        return event(path, Answer.json(status, "the replica refused with status " + status, path));
    }

    static ByteBuf event(String path, byte[] error) {
        var name = LanguageApi.isAnthropic(path) ? "event: error\n" : "";
        return Unpooled.wrappedBuffer(
                (name + "data: ").getBytes(StandardCharsets.UTF_8),
                error,
                "\n\n".getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuf comment(String text) {
        return Unpooled.wrappedBuffer(SseWriter.comment(text));
    }
}
