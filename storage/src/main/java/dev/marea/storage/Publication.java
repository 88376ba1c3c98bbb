package dev.marea.storage;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file beside its name and moves it there when it is whole and on disk, so that a reader
 * (or a restart after a crash) sees the old file, the new one or none, never a part.
 */
final class Publication {
    private static final int BUFFER_BYTES = 128 << 10;

    private Publication() {}

    static long publish(InputStream content, Path target, long bytesMax, String source)
            throws IOException {
        var part = target.resolveSibling(target.getFileName() + ".part");
        try {
            long bytes = write(content, part, bytesMax, source);
            Files.move(
                    part,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(target);
            return bytes;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long write(InputStream content, Path part, long bytesMax, String source)
            throws IOException {
        long total = 0;
        var buffer = new byte[BUFFER_BYTES];
        try (var out =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                total += read;
                if (total > bytesMax) {
                    throw FetchFailure.lasting(
                            source
                                    + " is larger than the limit of "
                                    + bytesMax
                                    + " bytes for one model");
                }
                var chunk = ByteBuffer.wrap(buffer, 0, read);
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
            out.force(true);
        }
        return total;
    }

    private static void syncDirectory(Path target) throws IOException {
        var parent = target.toAbsolutePath().getParent();
        if (parent != null) {
            try (var directory = FileChannel.open(parent, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
