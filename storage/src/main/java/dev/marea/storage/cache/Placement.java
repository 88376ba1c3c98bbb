package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Puts a model's files where a replica reads them, without a copy where links are possible. */
final class Placement {
    private final Blobs blobs;

    Placement(Blobs blobs) {
        this.blobs = blobs;
    }

    /**
     * A directory that is new or empty appears with all its files at once, unless it is a mount.
     *
     * @throws java.nio.file.NoSuchFileException if a file was evicted meanwhile
     */
    void place(Manifest manifest, Path directory) throws IOException {
        Files.createDirectories(directory);
        if (!Disk.list(directory).isEmpty() || !atOnce(manifest, directory)) {
            link(manifest, directory);
        }
    }

    private boolean atOnce(Manifest manifest, Path directory) throws IOException {
        var parent = Disk.parent(directory);
        var tree = parent.resolve("." + UUID.randomUUID() + ".part");
        try {
            if (!Files.isWritable(parent)) {
                return false;
            }
            Files.createDirectory(tree);
            link(manifest, tree);
            Files.setPosixFilePermissions(tree, Files.getPosixFilePermissions(directory));
            Files.move(tree, directory, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (java.nio.file.NoSuchFileException evicted) {
            throw evicted;
        } catch (FileSystemException mounted) {
            return false;
        } finally {
            Disk.remove(tree);
        }
    }

    private void link(Manifest manifest, Path directory) throws IOException {
        Set<Path> made = new HashSet<>();
        for (var entry : manifest.entries()) {
            var target = directory.resolve(entry.path());
            var parent = Disk.parent(target);
            if (made.add(parent)) {
                Files.createDirectories(parent);
            }
            blobs.link(entry.sha256(), target);
        }
    }
}
