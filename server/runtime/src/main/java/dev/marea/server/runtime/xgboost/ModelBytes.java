package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model's bytes: a whole file, or a window on one that holds it, such as a pickle.
 *
 * @param to the byte behind the last
 */
record ModelBytes(Path file, byte[] bytes, int from, int to) {
    /** What a file becomes in memory while it is read: its values beside its bytes. */
    private static final int HEAP_PER_BYTE = 4;

    private static final int HEAD_BYTES = 512;

    static ModelBytes read(Path file) throws LoadFailure {
        try {
            long size = Files.size(file);
            long most = Math.min(Integer.MAX_VALUE - 8L, memory() / HEAP_PER_BYTE);
            if (size > most) {
                throw new LoadFailure(
                        file,
                        "%d bytes are more than this process has room for, %d"
                                .formatted(size, most),
                        "give the server more memory, or make the model smaller");
            }
            var bytes = Files.readAllBytes(file);
            return new ModelBytes(file, bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new LoadFailure(
                            file,
                            "cannot be read: " + unreadable.getMessage(),
                            "check the path and its permissions")
                    .causedBy(unreadable);
        }
    }

    /** The beginning of a file. */
    static ModelBytes head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(HEAD_BYTES);
            return new ModelBytes(file, bytes, 0, bytes.length);
        }
    }

    private static long memory() {
        return Runtime.getRuntime().maxMemory();
    }

    int length() {
        return to - from;
    }

    ModelBytes part(int start, int end) {
        return new ModelBytes(file, bytes, start, end);
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, from, length()).slice();
    }

    /** Whether they begin with these characters. */
    boolean begin(String ascii) {
        if (length() < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(String ascii) {
        return new String(bytes, from, length(), StandardCharsets.ISO_8859_1).contains(ascii);
    }

    LoadFailure failure(long offset, String reason) {
        return LoadFailure.atByte(file, offset, reason, "save the model again");
    }

    LoadFailure failure(long offset, String reason, String advice) {
        return LoadFailure.atByte(file, offset, reason, advice);
    }
}
