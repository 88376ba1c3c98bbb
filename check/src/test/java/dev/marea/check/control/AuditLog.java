package dev.marea.check.control;

import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one user asked of the API server since a moment, by verb and resource. */
record AuditLog(Path file, String user) {
    private static final Set<String> READS = Set.of("get", "list", "watch");

    long now() {
        try {
            return Files.size(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** For example {@code patch deployments: 3}. */
    Map<String, Integer> writesSince(long offset) {
        var counts = new TreeMap<String, Integer>();
        for (var line : tail(offset).split("\n", -1)) {
            if (!line.contains(user)) {
                continue;
            }
            try {
                var entry = JsonReader.read(line);
                var verb = entry.text("verb").orElse("");
                if (entry.text("user", "username").orElse("").equals(user)
                        && !READS.contains(verb)) {
                    var sub = entry.text("objectRef", "subresource").map(s -> "/" + s).orElse("");
                    var resource = entry.text("objectRef", "resource").orElse("?");
                    counts.merge(verb + " " + resource + sub, 1, Integer::sum);
                }
            } catch (MalformedJson halfWritten) {
                // The last line, or the first.
            }
        }
        return counts;
    }

    private String tail(long offset) {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            var bytes = new byte[Math.toIntExact(log.length() - offset)];
            log.seek(offset);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
