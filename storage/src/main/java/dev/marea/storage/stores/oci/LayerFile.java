package dev.marea.storage.stores.oci;

import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.oci.PushedTree.Entry;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * One layer, packed into a file: the same files give the same digest on every machine, as neither
 * times, owners nor modes of this one go into it.
 *
 * @param diffId the digest before compression
 */
record LayerFile(Path file, long size, String digest, String diffId, Compression compression) {
    private static final int BUFFER_BYTES = 256 << 10;

    static LayerFile pack(List<Entry> entries, Compression compression, Path file)
            throws IOException {
        var packed = sha256();
        var plain = sha256();
        try (var out = new DigestOutputStream(Files.newOutputStream(file), packed);
                var compressed =
                        compressed(new BufferedOutputStream(out, BUFFER_BYTES), compression);
                var tarred = new DigestOutputStream(compressed, plain);
                var tar = new TarArchiveOutputStream(tarred, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (var directory : directories(entries)) {
                tar.putArchiveEntry(directory(directory));
                tar.closeArchiveEntry();
            }
            for (var entry : entries) {
                tar.putArchiveEntry(file(entry));
                Files.copy(entry.file(), tar);
                tar.closeArchiveEntry();
            }
        }
        return new LayerFile(file, Files.size(file), digest(packed), digest(plain), compression);
    }

    private static OutputStream compressed(OutputStream out, Compression compression)
            throws IOException {
        return switch (compression) {
            case NONE -> out;
            case GZIP -> new FastGzip(out);
            case ZSTD -> new ZstdOutputStream(out);
        };
    }

    /** Weights hardly shrink, so that more effort would only cost time. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static TreeSet<String> directories(List<Entry> entries) {
        var directories = new TreeSet<String>();
        directories.add(OciStore.DIRECTORY + "/");
        for (var entry : entries) {
            var path = OciStore.DIRECTORY + "/" + entry.path();
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                directories.add(path.substring(0, slash + 1));
            }
        }
        return directories;
    }

    private static TarArchiveEntry directory(String name) {
        var entry = new TarArchiveEntry(name);
        entry.setMode(0755);
        return neutral(entry);
    }

    private static TarArchiveEntry file(Entry file) {
        var entry = new TarArchiveEntry(OciStore.DIRECTORY + "/" + file.path());
        entry.setSize(file.size());
        entry.setMode(0644);
        return neutral(entry);
    }

    private static TarArchiveEntry neutral(TarArchiveEntry entry) {
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String digest(MessageDigest digest) {
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    String mediaType() {
        return switch (compression) {
            case NONE -> "application/vnd.oci.image.layer.v1.tar";
            case GZIP -> "application/vnd.oci.image.layer.v1.tar+gzip";
            case ZSTD -> "application/vnd.oci.image.layer.v1.tar+zstd";
        };
    }
}
