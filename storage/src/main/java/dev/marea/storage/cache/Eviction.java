package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room: models that nobody uses and nobody pinned go, the one used longest ago first, and
 * with them the files that no other model has.
 */
final class Eviction {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

    private final Models models;
    private final Blobs blobs;
    private final Turns turns;

    Eviction(Models models, Blobs blobs, Turns turns) {
        this.models = models;
        this.blobs = blobs;
        this.turns = turns;
    }

    /** How much went. */
    record Freed(int models, long bytes) {}

    /** Evicts until the files come to no more than {@code bytesMax}, as far as that is possible. */
    Freed shrink(long bytesMax) throws IOException {
        long before = bytes();
        long left = before - sweep();
        int gone = 0;
        var oldest =
                models.all().stream().sorted(Comparator.comparing(Models.Known::used)).toList();
        for (var model : oldest) {
            if (left <= bytesMax) {
                break;
            }
            if (evict(model)) {
                gone++;
                left -= sweep();
            }
        }
        return new Freed(gone, before - left);
    }

    private boolean evict(Models.Known model) throws IOException {
        if (model.pinned() || used(model.manifest())) {
            return false;
        }
        var turn = turns.take(NodeCache.turnOf(model.key()));
        if (turn.isEmpty()) {
            return false; // it is being fetched or placed
        }
        try (var _ = turn.get()) {
            LOG.info("evicted {} from the cache", model.manifest().uri());
            models.remove(model.key());
            return true;
        }
    }

    boolean used(Manifest manifest) throws IOException {
        for (var entry : manifest.entries()) {
            if (blobs.used(entry.sha256())) {
                return true;
            }
        }
        return false;
    }

    /** Removes what no model has and nobody uses; returns how many bytes that were. */
    private long sweep() throws IOException {
        Set<String> wanted = new HashSet<>();
        models.all()
                .forEach(model -> model.manifest().entries().forEach(e -> wanted.add(e.sha256())));
        long freed = 0;
        for (var blob : list()) {
            if (!wanted.contains(blob.sha256()) && !blobs.used(blob.sha256())) {
                Files.deleteIfExists(blobs.path(blob.sha256()));
                freed += blob.size();
            }
        }
        return freed;
    }

    long bytes() throws IOException {
        return list().stream().mapToLong(Blob::size).sum();
    }

    private record Blob(String sha256, long size) {}

    private List<Blob> list() throws IOException {
        var found = new java.util.ArrayList<Blob>();
        for (var file : Disk.list(blobs.directory())) {
            try {
                var is = Files.readAttributes(file, BasicFileAttributes.class);
                found.add(new Blob(file.getFileName().toString(), is.size()));
            } catch (NoSuchFileException gone) {
                // another one sweeps too
            }
        }
        return found;
    }
}
