package dev.marea.storage.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;

/** Changes to a disk that are whole or did not happen, whenever the process ends. */
final class Disk {
    private Disk() {}

    /** Writes a small file beside its name, and moves it there when it is on disk. */
    static void publish(Path target, String text) throws IOException {
        var part = target.resolveSibling("." + UUID.randomUUID() + ".part");
        try {
            try (var out =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            sync(parent(target));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Makes the names in a directory last. */
    static void sync(Path directory) throws IOException {
        try (var open = FileChannel.open(directory, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    static Path parent(Path path) throws IOException {
        var parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(path + " has no directory");
        }
        return parent;
    }

    /** Removes a directory with all that is in it; links are removed, not followed. */
    static void remove(Path directory) throws IOException {
        try {
            Files.walkFileTree(directory, new Removal());
        } catch (NoSuchFileException gone) {
            // as it should be
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failed;
        }

        @Override
        public FileVisitResult postVisitDirectory(
                Path directory, @org.jspecify.annotations.Nullable IOException failed)
                throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }

    static List<Path> list(Path directory) throws IOException {
        try (var found = Files.list(directory)) {
            return found.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }
}
