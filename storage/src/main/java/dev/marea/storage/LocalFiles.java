package dev.marea.storage;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Copies a local file or directory; links are followed, as a model directory often holds links into
 * a cache.
 */
final class LocalFiles {
    private final long bytesMax;
    private final int filesMax;
    private int files;
    private long bytes;

    LocalFiles(long bytesMax, int filesMax) {
        this.bytesMax = bytesMax;
        this.filesMax = filesMax;
    }

    Fetched copy(String uri, Path source, Path directory) throws IOException {
        if (!Files.exists(source)) {
            throw FetchFailure.lasting(
                    "there is no file or directory "
                            + source
                            + "; check storageUri for a misspelt path");
        }
        Files.createDirectories(directory);
        if (Files.isRegularFile(source)) {
            copyFile(source, directory.resolve(source.getFileName()));
        } else {
            copyTree(source, directory);
        }
        return new Fetched(uri, files, bytes, 0, Map.of());
    }

    private void copyTree(Path source, Path directory) throws IOException {
        try (var tree = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
            for (var path : (Iterable<Path>) tree::iterator) {
                var target = directory.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    copyFile(path, target);
                }
            }
        }
    }

    /** A reader, or a restart after a crash, sees the old file, the new one or none. */
    private void copyFile(Path file, Path target) throws IOException {
        files++;
        bytes += Files.size(file);
        if (files > filesMax || bytes > bytesMax) {
            throw FetchFailure.lasting(
                    "%s is more than the limit of %d files and %d bytes for one model"
                            .formatted(file, filesMax, bytesMax));
        }
        var part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            try (var written = FileChannel.open(part, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
