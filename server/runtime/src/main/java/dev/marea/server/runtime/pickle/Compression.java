package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/** The ways in which joblib compresses a pickle, told by how the file begins. */
enum Compression {
    GZIP("gzip", 0x1f, 0x8b),
    ZLIB("zlib", 0x78),
    BZIP2("bzip2", 'B', 'Z', 'h'),
    LZ4("lz4", 0x04, 0x22, 0x4d, 0x18),
    XZ("xz", 0xfd, '7', 'z', 'X', 'Z', 0x00),
    LZMA("lzma", 0x5d, 0x00, 0x00);

    /** A file's header may ask for a dictionary of gigabytes; {@code xz -9} needs 64 MiB. */
    private static final int DICTIONARY_KIB_MAX = 128 << 10;

    private static final int ZLIB_CHECK = 31;

    private final String shown;

    @SuppressWarnings("ImmutableEnumChecker") // never written to, never given away
    private final int[] magic;

    Compression(String shown, int... magic) {
        this.shown = shown;
        this.magic = magic;
    }

    /** Empty for a file that is not compressed. None of these beginnings is that of a pickle. */
    static Optional<Compression> of(byte[] file) {
        for (var compression : values()) {
            if (compression.begins(file)) {
                return Optional.of(compression);
            }
        }
        return Optional.empty();
    }

    private boolean begins(byte[] file) {
        if (file.length < Math.max(2, magic.length)) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((file[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return this != ZLIB || (((file[0] & 0xff) << 8) | (file[1] & 0xff)) % ZLIB_CHECK == 0;
    }

    /** The bytes inside, if they are no more than so many. */
    byte[] inflated(Path file, byte[] bytes, long most) throws LoadFailure {
        int enough = (int) Math.min(most, Integer.MAX_VALUE - 9L) + 1;
        byte[] inside;
        try (var in = open(new ByteArrayInputStream(bytes))) {
            inside = in.readNBytes(enough);
        } catch (IOException | RuntimeException damaged) {
            // The decoders meet some damage with exceptions of their own making.
            throw failure(file, "is damaged: " + damaged.getMessage(), "save the model again")
                    .causedBy(damaged);
        }
        if (inside.length == enough) {
            throw failure(
                    file,
                    "holds more than %d bytes, which are the most".formatted(most),
                    "give the server more memory, or make the model smaller");
        }
        return inside;
    }

    private InputStream open(InputStream in) throws IOException {
        return switch (this) {
            case GZIP -> new GZIPInputStream(in);
            case ZLIB -> new InflaterInputStream(in);
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case LZ4 -> new FramedLZ4CompressorInputStream(in, true);
            case XZ -> new XZInputStream(in, DICTIONARY_KIB_MAX);
            case LZMA -> new LZMAInputStream(in, DICTIONARY_KIB_MAX);
        };
    }

    private LoadFailure failure(Path file, String reason, String advice) {
        return LoadFailure.atByte(file, 0, "the %s stream %s".formatted(shown, reason), advice);
    }
}
