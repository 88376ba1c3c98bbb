package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Messages that are compressed one by one. */
final class Gzip {
    private static final int FIRST_BYTES = 4 << 10;

    private Gzip() {}

    /**
     * Inflates within a limit. The memory of the compressed message is given back, that of the
     * inflated one is counted as it grows; when this fails, none is.
     */
    static byte[] inflate(byte[] compressed, int bytesMax, Predictions memory) throws Refused {
        int size = 0;
        try (var in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            var bytes = new byte[FIRST_BYTES];
            while (true) {
                int more = in.read(bytes, size, bytes.length - size);
                if (more < 0) {
                    return Arrays.copyOf(bytes, size);
                }
                Frames.reserve(memory, more);
                size += more;
                if (size > bytesMax) {
                    throw new Refused(
                            Refused.Why.TOO_LARGE,
                            "a message inflates to more than the %d bytes that are taken"
                                    .formatted(bytesMax));
                }
                if (size == bytes.length) {
                    bytes = Arrays.copyOf(bytes, bytes.length * 2);
                }
            }
        } catch (IOException broken) {
            memory.release(size);
            throw Refused.badInput("a message is no gzip: " + broken.getMessage());
        } catch (Refused refused) {
            memory.release(size);
            throw refused;
        } finally {
            memory.release(compressed.length);
        }
    }

    static byte[] deflate(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length / 2 + 64);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
