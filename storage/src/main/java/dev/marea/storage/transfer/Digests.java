package dev.marea.storage.transfer;

import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.Checksum.Algorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Sums up bytes: SHA-256 always, and what the store itself gives, if that is another. */
public final class Digests {
    private final MessageDigest sha256 = digest("SHA-256");
    private final Optional<MessageDigest> md5;
    private final Optional<CRC32C> crc;
    private long bytes;

    public Digests(Optional<Checksum> wanted) {
        var algorithm = wanted.map(Checksum::algorithm);
        md5 = algorithm.filter(a -> a == Algorithm.MD5).map(_ -> digest("MD5"));
        crc = algorithm.filter(a -> a == Algorithm.CRC32C).map(_ -> new CRC32C());
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this JVM has no " + name, broken);
        }
    }

    public void add(byte[] buffer, int offset, int length) {
        sha256.update(buffer, offset, length);
        md5.ifPresent(sum -> sum.update(buffer, offset, length));
        crc.ifPresent(sum -> sum.update(ByteBuffer.wrap(buffer, offset, length)));
        bytes += length;
    }

    /** How many bytes were summed up. */
    public long bytes() {
        return bytes;
    }

    /** Ends it. */
    public Sums sums() {
        return new Sums(
                HexFormat.of().formatHex(sha256.digest()),
                bytes,
                md5.map(sum -> HexFormat.of().formatHex(sum.digest())),
                crc.map(sum -> HexFormat.of().toHexDigits((int) sum.getValue())));
    }

    /** What bytes sum up to. */
    public record Sums(String sha256, long bytes, Optional<String> md5, Optional<String> crc32c) {
        /** In words what differs from what the store says, if anything does. */
        Optional<String> mismatch(Checksum wanted) {
            var got =
                    switch (wanted.algorithm()) {
                        case SHA256 -> sha256;
                        case MD5 -> md5.orElse("");
                        case CRC32C -> crc32c.orElse("");
                    };
            return got.equals(wanted.hex())
                    ? Optional.empty()
                    : Optional.of("want " + wanted + ", got " + got);
        }
    }
}
