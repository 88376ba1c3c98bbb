package dev.marea.server.llama.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF files by hand, good ones and bad ones. */
final class GgufBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    GgufBytes raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    GgufBytes int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    GgufBytes int64(long value) {
        out.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    GgufBytes text(String value) {
        return int64(value.length()).raw(value);
    }

    /** A key with a text. */
    GgufBytes pair(String key, String value) {
        return text(key).int32(8).text(value);
    }

    GgufBytes pair(String key, int value) {
        return text(key).int32(4).int32(value);
    }

    GgufBytes zeros(int count) {
        out.writeBytes(new byte[count]);
        return this;
    }

    GgufBytes padded() {
        return zeros((32 - out.size() % 32) % 32);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static GgufBytes head(long tensors, long keys) {
        return new GgufBytes().raw("GGUF").int32(3).int64(tensors).int64(keys);
    }

    /** A small good file: a llama of one layer, with one tensor. */
    static byte[] good() {
        return head(1, 6)
                .pair("general.architecture", "llama")
                .pair("llama.block_count", 2)
                .pair("llama.embedding_length", 64)
                .pair("llama.attention.head_count", 4)
                .pair("llama.attention.head_count_kv", 2)
                .pair("llama.context_length", 128)
                .text("token_embd.weight")
                .int32(2)
                .int64(64)
                .int64(3)
                .int32(0)
                .int64(0)
                .padded()
                .zeros(64 * 3 * 4)
                .bytes();
    }
}
