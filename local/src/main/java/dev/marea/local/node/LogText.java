package dev.marea.local.node;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/** One container's log, from its oldest piece to its newest, and on while it grows. */
final class LogText implements PodLogs.Log {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LINE_BYTES_MAX = 1 << 20;
    private static final int TAIL_BYTES_MAX = 16 << 20;

    private final Path log;
    private final PodLogs.Query query;
    private final BooleanSupplier runs;

    LogText(Path log, PodLogs.Query query, BooleanSupplier runs) {
        this.log = log;
        this.query = query;
        this.runs = runs;
    }

    @Override
    public void writeTo(OutputStream out, BooleanSupplier gone)
            throws IOException, InterruptedException {
        var sink =
                new Sink(new BufferedOutputStream(out), query.limitBytes().orElse(Long.MAX_VALUE));
        var tail = query.tailLines().isPresent() ? new Tail(query.tailLines().getAsInt()) : null;
        for (int piece = LogFiles.PIECES - 1; piece > 0; piece--) {
            if (Files.exists(LogFiles.piece(log, piece))) {
                read(LogFiles.piece(log, piece), 0, true, tail == null ? sink : tail);
            }
        }
        boolean more = query.follow();
        long at = read(log, 0, !more, tail == null ? sink : tail);
        if (tail != null) {
            tail.giveTo(sink);
        }
        sink.flush();
        if (more) {
            follow(at, sink, gone);
        }
    }

    private void follow(long from, Sink sink, BooleanSupplier gone)
            throws IOException, InterruptedException {
        long at = from;
        while (!gone.getAsBoolean() && !sink.full()) {
            boolean last = !runs.getAsBoolean();
            if (Files.exists(log) && Files.size(log) < at) {
                read(LogFiles.piece(log, 1), at, true, sink);
                at = 0;
            }
            at = read(log, at, last, sink);
            sink.flush();
            if (last) {
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    /** Takes lines with the time at which they were first seen. */
    private interface Lines {
        void take(Instant time, byte[] line) throws IOException;

        boolean full();
    }

    /** Gives whole lines from a position on, and the position after them. */
    private long read(Path file, long from, boolean partialToo, Lines lines) throws IOException {
        if (!Files.exists(file)) {
            return from;
        }
        var times = LogTimes.of(file);
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            long at = from;
            var line = new ByteArrayOutputStream();
            var buffer = new byte[8192];
            long begin = at;
            for (int n = in.read(buffer); n > 0 && !lines.full(); n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    line.write(buffer[i]);
                    at++;
                    if (buffer[i] == '\n' || line.size() >= LINE_BYTES_MAX) {
                        give(times, begin, line, lines);
                        begin = at;
                    }
                }
            }
            if (partialToo && line.size() > 0) {
                give(times, begin, line, lines);
                begin = at;
            }
            return begin;
        }
    }

    private void give(LogTimes times, long begin, ByteArrayOutputStream line, Lines lines)
            throws IOException {
        var time = times.at(begin);
        if (query.since().isEmpty() || !time.isBefore(query.since().get())) {
            lines.take(time, line.toByteArray());
        }
        line.reset();
    }

    /** The last lines, within a bound of bytes. */
    private static final class Tail implements Lines {
        private record Line(Instant time, byte[] bytes) {}

        private final int count;
        private final ArrayDeque<Line> kept = new ArrayDeque<>();
        private long bytes;

        Tail(int count) {
            this.count = count;
        }

        @Override
        public void take(Instant time, byte[] line) {
            kept.add(new Line(time, line));
            bytes += line.length;
            while (kept.size() > count || bytes > TAIL_BYTES_MAX) {
                bytes -= kept.remove().bytes().length;
            }
        }

        @Override
        public boolean full() {
            return false;
        }

        void giveTo(Sink sink) throws IOException {
            for (var line : kept) {
                sink.take(line.time(), line.bytes());
            }
        }
    }

    private final class Sink implements Lines {
        private final OutputStream out;
        private long left;

        Sink(OutputStream out, long limit) {
            this.out = out;
            this.left = limit;
        }

        @Override
        public void take(Instant time, byte[] line) throws IOException {
            if (query.timestamps()) {
                put((time + " ").getBytes(StandardCharsets.US_ASCII));
            }
            put(line);
        }

        private void put(byte[] bytes) throws IOException {
            int n = (int) Math.min(left, bytes.length);
            out.write(bytes, 0, n);
            left -= n;
        }

        @Override
        public boolean full() {
            return left <= 0;
        }

        void flush() throws IOException {
            out.flush();
        }
    }
}
