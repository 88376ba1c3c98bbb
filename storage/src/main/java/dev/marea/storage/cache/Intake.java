package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * One fetch's way into the cache; ours alone until it is closed. What it took in stays linked below
 * {@code parts} until the model is complete, so that nobody evicts it before.
 */
public final class Intake implements AutoCloseable {
    private final NodeCache cache;
    private final ModelKey key;
    private final Turns.Turn turn;
    private final Path parts;
    private boolean complete;

    Intake(NodeCache cache, ModelKey key, Turns.Turn turn, Path parts) throws IOException {
        this.cache = cache;
        this.key = key;
        this.turn = turn;
        this.parts = parts;
        Files.createDirectories(parts);
    }

    /** Where a file on its way has its bytes; the same for the next try after a crash. */
    public Path data(String file) {
        return parts.resolve(file + ".data");
    }

    public Path journal(String file) {
        return parts.resolve(file + ".journal");
    }

    /** An empty directory for what comes out of an archive. */
    public Path unpacked(String file) throws IOException {
        var directory = parts.resolve(file + ".unpacked");
        Disk.remove(directory);
        return Files.createDirectory(directory);
    }

    public boolean has(String sha256, long size) throws IOException {
        return cache.blobs().intact(sha256, size);
    }

    /** Keeps a file that the cache has already; false if it was evicted meanwhile. */
    public boolean hold(String sha256) throws IOException {
        try {
            cache.blobs().link(sha256, parts.resolve(sha256 + ".held"));
            return true;
        } catch (NoSuchFileException evicted) {
            return false;
        }
    }

    /** Takes a file in that is whole, checked and on disk. */
    public void adopt(Path data, String sha256) throws IOException {
        cache.blobs().adopt(data, sha256);
    }

    /** See {@link NodeCache#makeRoom}. */
    public void makeRoom(long bytes) throws IOException {
        cache.makeRoom(bytes);
    }

    /** Every file of the model is in. */
    public Manifest complete(String uri, String pinned, List<Manifest.Entry> entries)
            throws IOException {
        var manifest = new Manifest(uri, pinned, entries);
        cache.put(key, manifest);
        complete = true;
        return manifest;
    }

    /** What is not complete stays for the next try. */
    @Override
    public void close() throws IOException {
        try (turn) {
            if (complete) {
                Disk.remove(parts);
            }
        }
    }
}
