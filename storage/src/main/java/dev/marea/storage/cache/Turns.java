package dev.marea.storage.cache;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One at a time for each key, among the threads of this process and among processes: who waits
 * finds what the other brought. A lock of a process ends with it, however it ends.
 */
final class Turns {
    private static final Duration WAIT_MAX = Duration.ofHours(24);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** The file locks of one process do not keep its threads apart. */
    private static final Map<Path, Semaphore> MINE = new ConcurrentHashMap<>();

    private final Path directory;

    Turns(Path directory) {
        this.directory = directory;
    }

    /** Waits until it is our turn. */
    Turn await(String key) throws IOException, InterruptedException {
        var file = file(key);
        var mine = mine(file);
        long until = System.nanoTime() + WAIT_MAX.toNanos();
        if (!mine.tryAcquire(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
            throw tooLong(file);
        }
        try {
            while (System.nanoTime() < until) {
                var turn = attempt(file, mine);
                if (turn.isPresent()) {
                    return turn.get();
                }
                Thread.sleep(LOOK_EVERY); // no system tells when another process lets go
            }
            throw tooLong(file);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            mine.release();
            throw failed;
        }
    }

    /** Takes the turn if it is free at this moment. */
    Optional<Turn> take(String key) throws IOException {
        var file = file(key);
        var mine = mine(file);
        if (!mine.tryAcquire()) {
            return Optional.empty();
        }
        try {
            var turn = attempt(file, mine);
            if (turn.isEmpty()) {
                mine.release();
            }
            return turn;
        } catch (IOException | RuntimeException failed) {
            mine.release();
            throw failed;
        }
    }

    private Path file(String key) throws IOException {
        Files.createDirectories(directory);
        return directory.toRealPath().resolve(key + ".lock");
    }

    private static Semaphore mine(Path file) {
        return MINE.computeIfAbsent(file, _ -> new Semaphore(1, true));
    }

    private static Optional<Turn> attempt(Path file, Semaphore mine) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new Turn(channel, lock, mine));
            }
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
        channel.close();
        return Optional.empty();
    }

    private static FetchFailure tooLong(Path file) {
        return FetchFailure.passing(
                "another fetch of the same model holds "
                        + file
                        + " for more than "
                        + WAIT_MAX.toHours()
                        + " h");
    }

    /** Ours until it is closed, by whichever thread. */
    static final class Turn implements AutoCloseable {
        private final FileChannel channel;
        private final FileLock lock;
        private final Semaphore mine;

        private Turn(FileChannel channel, FileLock lock, Semaphore mine) {
            this.channel = channel;
            this.lock = lock;
            this.mine = mine;
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                if (channel.isOpen()) {
                    lock.release();
                }
            } finally {
                mine.release();
            }
        }
    }
}
