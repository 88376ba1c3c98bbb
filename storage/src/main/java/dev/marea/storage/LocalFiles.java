package dev.marea.storage;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies a local file or directory; links are followed, as a model directory often holds links into
 * a cache.
 */
final class LocalFiles {
    private static final int FILES_MAX = 100_000;

    private final FetchLimits limits;

    LocalFiles(FetchLimits limits) {
        this.limits = limits;
    }

    Fetched copy(Path source, Path directory) throws IOException {
        if (!Files.exists(source)) {
            throw FetchFailure.lasting(
                    "there is no file or directory "
                            + source
                            + "; check storageUri for a misspelt path");
        }
        Files.createDirectories(directory);
        if (Files.isRegularFile(source)) {
            return copyFile(source, directory.resolve(source.getFileName()), new Fetched(0, 0));
        }
        return copyTree(source, directory);
    }

    private Fetched copyTree(Path source, Path directory) throws IOException {
        var fetched = new Fetched(0, 0);
        try (var tree = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
            for (var path : (Iterable<Path>) tree::iterator) {
                var target = directory.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    fetched = copyFile(path, target, fetched);
                }
            }
        }
        return fetched;
    }

    private Fetched copyFile(Path file, Path target, Fetched so) throws IOException {
        if (so.files() == FILES_MAX) {
            throw FetchFailure.lasting(
                    file.getParent() + " holds more than " + FILES_MAX + " files");
        }
        try (var content = Files.newInputStream(file)) {
            return so.plus(
                    Publication.publish(
                            content, target, limits.bytesMax() - so.bytes(), file.toString()));
        }
    }
}
