package dev.marea.gateway.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import dev.marea.wire.feed.Standing;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last table on disk, in the words of the feed. Compressed, less for its size than for the
 * checksum: a file that is damaged anywhere is not believed.
 */
record LastGood(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final Standing NOBODY = new Standing("", false, true);

    /** No table that we write is longer. */
    private static final long LINES_MAX = FeedCodec.ROUTES_MAX + 10L;

    /** What was saved and when. */
    record Copy(RouteTable table, GatewayShare share, Instant saved) {}

    /** Empty, with a warning, where the file cannot be used. */
    Optional<Copy> read() {
        try {
            return Optional.of(whole());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException damaged) {
            LOG.warn(
                    "the last table of routes in {} cannot be used and is ignored: {}",
                    file,
                    damaged.toString());
            return Optional.empty();
        }
    }

    private Copy whole() throws IOException {
        var saved = Files.getLastModifiedTime(file).toInstant();
        var draft = new TableDraft();
        var share = GatewayShare.ALONE;
        var table = Optional.<RouteTable>empty();
        try (var in =
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)), 1 << 16)) {
            long lines = 0;
            for (var line = line(in); line.isPresent(); line = line(in)) {
                if (++lines > LINES_MAX) {
                    throw new IOException("more lines than any table has");
                }
                var message = FeedCodec.read(line.get());
                if (message instanceof FeedMessage.Beat(_, var mine)) {
                    share = mine;
                }
                table = draft.take(message);
            }
        }
        // The last line is the commit; the stream's end has proved the checksum.
        return new Copy(table.orElseThrow(() -> new EOFException("it ends early")), share, saved);
    }

    private static Optional<byte[]> line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.size() == 0 ? Optional.empty() : Optional.of(line.toByteArray());
            }
            if (line.size() > FeedCodec.LINE_BYTES_MAX) {
                throw new IOException("a line is too long");
            }
            line.write(b);
        }
        return Optional.of(line.toByteArray());
    }

    /** The file is never seen half written. */
    void write(RouteTable table, GatewayShare share) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        var next = Files.createTempFile(directory, file.getFileName() + "-", ".new");
        try {
            try (var out = new GZIPOutputStream(Files.newOutputStream(next), 1 << 16)) {
                say(out, new FeedMessage.Hello(FeedCodec.FORMAT, NOBODY));
                say(out, new FeedMessage.Beat(NOBODY, share));
                say(out, new FeedMessage.Reset());
                for (var route : table.routes()) {
                    say(out, new FeedMessage.Put(route));
                }
                say(out, new FeedMessage.Commit(table.version(), table.routes().size()));
            }
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void say(OutputStream out, FeedMessage message) throws IOException {
        out.write(FeedCodec.write(message));
        out.write('\n');
    }
}
