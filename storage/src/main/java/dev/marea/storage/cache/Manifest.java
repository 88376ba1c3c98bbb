package dev.marea.storage.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a fetched model consists of; a text that people can read. It is written last, so that
 * whatever it names was there.
 *
 * @param uri as it was asked for
 * @param pinned what that was resolved to
 * @param entries sorted by path
 */
public record Manifest(String uri, String pinned, List<Entry> entries) {
    private static final String HEAD = "marea model 1";
    private static final Pattern LINE =
            Pattern.compile("([0-9a-f]{64}) ([0-9]{1,18}) ([0-9a-f]{64}|-) (.+)");
    private static final long BYTES_MAX = 256 << 20;

    /**
     * A file of the model.
     *
     * @param version a hash of what its store held it to be, or "-"
     */
    public record Entry(String path, long size, String sha256, String version) {}

    public Manifest {
        entries = List.copyOf(entries);
    }

    public long bytes() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    /** SHA-256 by path. */
    public Map<String, String> digests() {
        return entries.stream().collect(Collectors.toMap(Entry::path, Entry::sha256));
    }

    String text() {
        var text = new StringBuilder(entries.size() * 160 + 256);
        text.append(HEAD).append("\nuri ").append(uri).append("\npinned ").append(pinned);
        text.append("\nfiles ").append(entries.size()).append('\n');
        for (var entry : entries) {
            text.append(entry.sha256()).append(' ').append(entry.size()).append(' ');
            text.append(entry.version()).append(' ').append(entry.path()).append('\n');
        }
        return text.toString();
    }

    static Manifest read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException(file + " is too large for a model's manifest");
        }
        var lines = Files.readString(file, StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length < 5 || !lines[0].equals(HEAD)) {
            throw new IOException(file + " is no manifest of a model");
        }
        var entries = new ArrayList<Entry>();
        for (int i = 4; i < lines.length - 1; i++) {
            var line = LINE.matcher(lines[i]);
            if (!line.matches()) {
                throw new IOException(file + " is damaged in line " + (i + 1));
            }
            entries.add(
                    new Entry(
                            line.group(4),
                            Long.parseLong(line.group(2)),
                            line.group(1),
                            line.group(3)));
        }
        if (!lines[3].equals("files " + entries.size())) {
            throw new IOException(file + " is cut off");
        }
        return new Manifest(after(lines[1], "uri "), after(lines[2], "pinned "), entries);
    }

    private static String after(String line, String word) {
        return line.startsWith(word) ? line.substring(word.length()) : "";
    }
}
