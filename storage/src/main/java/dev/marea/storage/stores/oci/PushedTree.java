package dev.marea.storage.stores.oci;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a directory in an order that never changes, and how they are shared out among
 * layers: each big one has its own, so that a new version pushes only what changed.
 */
record PushedTree(Path root, List<Entry> entries) {
    private static final int FILES_MAX = 100_000;
    private static final long BIG = 64L << 20;
    private static final int LAYERS_MAX = 100; // an image may have 127

    record Entry(Path file, String path, long size) {}

    static PushedTree of(Path root) throws IOException {
        var entries = new ArrayList<Entry>();
        try (var walk = Files.walk(root)) {
            for (var path : (Iterable<Path>) walk.sorted()::iterator) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (!Files.isRegularFile(path) || leaves(root, path)) {
                    throw FetchFailure.lasting(
                            path
                                    + " is no file of this directory; a model is pushed as plain files, without links that lead out of it");
                }
                entries.add(
                        new Entry(
                                path,
                                root.relativize(path).toString().replace('\\', '/'),
                                Files.size(path)));
                if (entries.size() > FILES_MAX) {
                    throw FetchFailure.lasting(root + " holds more than " + FILES_MAX + " files");
                }
            }
        }
        if (entries.isEmpty()) {
            throw FetchFailure.lasting(root + " holds no file");
        }
        return new PushedTree(root, List.copyOf(entries));
    }

    private static boolean leaves(Path root, Path path) throws IOException {
        return Files.isSymbolicLink(path) && !path.toRealPath().startsWith(root.toRealPath());
    }

    /** The small files together come first. */
    List<List<Entry>> layers() {
        var small = new ArrayList<Entry>();
        var layers = new ArrayList<List<Entry>>();
        for (var entry : entries) {
            if (entry.size() >= BIG && layers.size() < LAYERS_MAX) {
                layers.add(List.of(entry));
            } else {
                small.add(entry);
            }
        }
        if (!small.isEmpty()) {
            layers.addFirst(small);
        }
        return layers;
    }
}
