package dev.marea.storage.cache;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.transfer.DiskTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models of one node: {@code blobs} holds files by content, {@code models} what each model
 * consists of, {@code parts} what is on its way. Any number of processes may use it at once.
 */
public final class NodeCache {
    private static final long RESERVE_BYTES = 64L << 20;
    private static final Duration PARTS_KEPT = Duration.ofDays(7);

    private final Path root;
    private final long bytesMax;
    private final Clock clock;
    private final Blobs blobs;
    private final Models models;
    private final Turns turns;
    private final Eviction eviction;

    /**
     * @param bytesMax of all files; only what is in use or pinned may exceed it
     */
    public NodeCache(Path root, long bytesMax, Clock clock) {
        this.root = root;
        this.bytesMax = bytesMax;
        this.clock = clock;
        this.blobs = new Blobs(root.resolve("blobs"));
        this.models = new Models(root.resolve("models"), clock);
        this.turns = new Turns(root.resolve("parts"));
        this.eviction = new Eviction(models, blobs, turns);
    }

    /** A model of the cache, for people. */
    public record Listed(
            String key,
            String uri,
            String pinned,
            int files,
            long bytes,
            Instant used,
            boolean pin,
            boolean inUse) {}

    /** The turn of all models of one URI. */
    static String turnOf(String key) {
        return key.substring(0, Math.max(0, key.indexOf('-')));
    }

    void prepare() throws IOException {
        for (var name : List.of("blobs", "models", "parts")) {
            Files.createDirectories(root.resolve(name));
        }
    }

    public Blobs blobs() {
        return blobs;
    }

    /** The model, if every file of it is there and as it was. */
    public Optional<Manifest> find(ModelKey key) throws IOException {
        var manifest = models.find(key.text());
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        for (var entry : manifest.get().entries()) {
            if (!blobs.intact(entry.sha256(), entry.size())) {
                return Optional.empty();
            }
        }
        return manifest;
    }

    /** Files of other versions of the same URI, by the hash of what their store held them to be. */
    public Map<String, Manifest.Entry> earlier(ModelKey key) throws IOException {
        var found = new HashMap<String, Manifest.Entry>();
        for (var model : models.all()) {
            if (turnOf(model.key()).equals(key.uri())) {
                model.manifest().entries().forEach(entry -> found.put(entry.version(), entry));
            }
        }
        found.remove("-");
        return found;
    }

    /**
     * Links the model's files into a directory.
     *
     * @return false if one was evicted meanwhile
     */
    public boolean place(ModelKey key, Manifest manifest, Path directory) throws IOException {
        try {
            models.touch(key.text());
            new Placement(blobs).place(manifest, directory);
            tidy(key);
            return true;
        } catch (NoSuchFileException evicted) {
            return false;
        }
    }

    /** Who was killed when its model was complete left links behind, by which it seems in use. */
    private void tidy(ModelKey key) throws IOException {
        var parts = root.resolve("parts").resolve(key.uri());
        if (Files.exists(parts)) {
            var turn = turns.take(key.uri());
            if (turn.isPresent()) {
                try (var _ = turn.get()) {
                    Disk.remove(parts);
                }
            }
        }
    }

    /** Waits until nobody else fetches the same URI. */
    public Intake intake(ModelKey key) throws IOException, InterruptedException {
        prepare();
        return new Intake(
                this, key, turns.await(key.uri()), root.resolve("parts").resolve(key.uri()));
    }

    void put(ModelKey key, Manifest manifest) throws IOException {
        Disk.sync(blobs.directory());
        models.put(key.text(), manifest);
        models.touch(key.text());
    }

    /** Makes room for bytes that are to come, and refuses them if that is not possible. */
    void makeRoom(long bytes) throws IOException {
        if (eviction.bytes() + bytes > bytesMax) {
            eviction.shrink(Math.max(0, bytesMax - bytes));
        }
        try {
            DiskTrouble.check(root, bytes, RESERVE_BYTES);
        } catch (FetchFailure full) {
            eviction.shrink(Math.max(0, eviction.bytes() - bytes));
            DiskTrouble.check(root, bytes, RESERVE_BYTES);
        }
    }

    /** What people see, the model used last first. */
    public List<Listed> list() throws IOException {
        var listed = new ArrayList<Listed>();
        for (var model : models.all()) {
            var manifest = model.manifest();
            listed.add(
                    new Listed(
                            model.key(),
                            manifest.uri(),
                            manifest.pinned(),
                            manifest.entries().size(),
                            manifest.bytes(),
                            model.used(),
                            model.pinned(),
                            eviction.used(manifest)));
        }
        listed.sort(Comparator.comparing(Listed::used).reversed());
        return List.copyOf(listed);
    }

    /** Pins or unpins every version of a URI; returns how many there are. */
    public int pin(String uri, boolean pinned) throws IOException {
        int count = 0;
        for (var model : models.all()) {
            if (model.manifest().uri().equals(uri) || model.manifest().pinned().equals(uri)) {
                models.pin(model.key(), pinned);
                count++;
            }
        }
        return count;
    }

    /** What went out of the cache. */
    public record Pruned(int models, long bytes) {}

    /**
     * Evicts down to a budget, and forgets parts that nobody came back for.
     *
     * @param bytesMax of all files
     */
    public Pruned prune(long bytesMax) throws IOException {
        prepare();
        long parts = pruneParts();
        var freed = eviction.shrink(bytesMax);
        return new Pruned(freed.models(), freed.bytes() + parts);
    }

    /** To its own budget. */
    public void prune() throws IOException {
        if (eviction.bytes() > bytesMax) {
            eviction.shrink(bytesMax);
        }
    }

    private long pruneParts() throws IOException {
        long bytes = 0;
        var old = clock.instant().minus(PARTS_KEPT);
        for (var directory : Disk.list(root.resolve("parts"))) {
            if (!Files.isDirectory(directory)
                    || Files.getLastModifiedTime(directory).toInstant().isAfter(old)) {
                continue;
            }
            var turn = turns.take(directory.getFileName().toString());
            if (turn.isPresent()) {
                try (var _ = turn.get()) {
                    for (var file : Disk.list(directory)) {
                        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
                    }
                    Disk.remove(directory);
                }
            }
        }
        return bytes;
    }

    /** Removes a directory that a model was placed into. */
    public static void forget(Path directory) throws IOException {
        Disk.remove(directory);
    }

    /** For a cache that lived only as long as one fetch. */
    public void remove() throws IOException {
        Disk.remove(root);
    }
}
