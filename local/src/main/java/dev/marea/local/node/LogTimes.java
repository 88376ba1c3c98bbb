package dev.marea.local.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** When which part of a log had been written, as far as was looked. */
final class LogTimes {
    private final NavigableMap<Long, Instant> seenBySize;
    private final Instant otherwise;

    private LogTimes(NavigableMap<Long, Instant> seenBySize, Instant otherwise) {
        this.seenBySize = seenBySize;
        this.otherwise = otherwise;
    }

    static LogTimes of(Path log) throws IOException {
        var seen = new TreeMap<Long, Instant>();
        var times = LogFiles.times(log);
        if (Files.exists(times)) {
            for (var line : Files.readAllLines(times, StandardCharsets.US_ASCII)) {
                note(line, seen);
            }
        }
        return new LogTimes(seen, Files.getLastModifiedTime(log).toInstant());
    }

    private static void note(String line, Map<Long, Instant> seen) {
        var parts = line.split(" ", -1);
        try {
            if (parts.length == 2) {
                seen.putIfAbsent(
                        Long.parseLong(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[0])));
            }
        } catch (NumberFormatException _) {
            // a line cut by a crash
        }
    }

    /** The time of the first look that saw the byte at this offset. */
    Instant at(long offset) {
        var seen = seenBySize.higherEntry(offset);
        return seen == null ? otherwise : seen.getValue();
    }
}
