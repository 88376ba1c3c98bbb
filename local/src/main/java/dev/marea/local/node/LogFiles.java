package dev.marea.local.node;

import dev.marea.local.work.Time;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the files that containers write to by themselves. Beside {@code 0.log} it keeps
 * {@code 0.log.times}, lines of {@code epochMillis size}: at that time the log had grown to that
 * size. So lines have times (as exact as our looks) although nobody stands between a child and its
 * file, and nothing is lost when the platform dies. A log of 10 MiB is copied to {@code 0.log.1}
 * and cut; the newest five pieces stay.
 */
final class LogFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final long PIECE_BYTES_MAX = 10 << 20;
    static final int PIECES = 5;
    private static final int RESTARTS_KEPT = 2;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Time time;
    private final long pieceBytesMax;
    private final Map<Path, Long> sizes = new ConcurrentHashMap<>();
    private volatile Time.Alarm next = Time.Alarm.NONE;

    LogFiles(Time time) {
        this(time, PIECE_BYTES_MAX);
    }

    LogFiles(Time time, long pieceBytesMax) {
        this.time = time;
        this.pieceBytesMax = pieceBytesMax;
    }

    /** Makes the file of a container's start ready, and forgets those of long ago. */
    Path begin(PodDirectory directory, String container, int restart) throws IOException {
        Files.createDirectories(directory.logs(container));
        for (int old = restart - RESTARTS_KEPT; old >= 0; old--) {
            if (!forget(directory.log(container, old))) {
                break;
            }
        }
        var log = directory.log(container, restart);
        follow(log);
        return log;
    }

    private static boolean forget(Path log) throws IOException {
        boolean was = Files.deleteIfExists(log);
        Files.deleteIfExists(times(log));
        for (int piece = 1; piece < PIECES; piece++) {
            Files.deleteIfExists(piece(log, piece));
            Files.deleteIfExists(times(piece(log, piece)));
        }
        return was;
    }

    void follow(Path log) {
        boolean first = sizes.isEmpty();
        sizes.put(log, lastSize(log));
        if (first) {
            next = time.after(LOOK, this::look);
        }
    }

    /** Its container has ended: looks once more. */
    void end(Path log) {
        if (sizes.containsKey(log)) {
            look(log);
            sizes.remove(log);
        }
    }

    private void look() {
        sizes.keySet().forEach(this::look);
        if (!sizes.isEmpty()) {
            next = time.after(LOOK, this::look);
        }
    }

    private synchronized void look(Path log) {
        try {
            long size = Files.exists(log) ? Files.size(log) : 0;
            long before = sizes.getOrDefault(log, 0L);
            if (size != before) {
                note(log, size);
                sizes.replace(log, size);
            }
            if (size > pieceBytesMax) {
                rotate(log);
                sizes.replace(log, 0L);
            }
        } catch (IOException failed) {
            LOG.warn("log {}: {}", log, failed.toString());
        }
    }

    private void note(Path log, long size) throws IOException {
        Files.writeString(
                times(log),
                time.now().toEpochMilli() + " " + size + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /**
     * The child keeps its open file, so the file is copied and cut. A line that is written between
     * the last byte copied and the cut is lost; that is microseconds, once in 10 MiB.
     */
    private static void rotate(Path log) throws IOException {
        for (int piece = PIECES - 1; piece > 1; piece--) {
            move(piece(log, piece - 1), piece(log, piece));
            move(times(piece(log, piece - 1)), times(piece(log, piece)));
        }
        try (var from = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var to =
                        FileChannel.open(
                                piece(log, 1),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)) {
            long done = 0;
            while (done < from.size()) {
                done += from.transferTo(done, from.size() - done, to);
            }
            from.truncate(0);
        }
        move(times(log), times(piece(log, 1)));
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Where an earlier platform stopped looking. */
    private static long lastSize(Path log) {
        try {
            var lines = Files.readAllLines(times(log), StandardCharsets.US_ASCII);
            return lines.isEmpty() ? 0 : Long.parseLong(lines.getLast().split(" ", -1)[1]);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException _) {
            return 0;
        }
    }

    static Path piece(Path log, int piece) {
        return piece == 0 ? log : log.resolveSibling(log.getFileName() + "." + piece);
    }

    static Path times(Path log) {
        return log.resolveSibling(log.getFileName() + ".times");
    }

    @Override
    public void close() {
        next.cancel();
        sizes.keySet().forEach(this::look);
    }
}
