package dev.marea.storage.credentials;

import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads mounted Secrets: {@code <root>/<secret>/<key>} holds a value. Names that begin with two
 * dots are the kubelet's own.
 */
final class Secrets {
    private static final int SECRETS_MAX = 64;
    private static final int KEYS_MAX = 256;
    private static final long VALUE_BYTES_MAX = 1 << 20; // a Secret's own limit

    private Secrets() {}

    /** Each Secret with what its annotations say. */
    static List<Source> read(Path root, FetchTerms.Told told) throws IOException {
        var sources = new ArrayList<Source>();
        for (var secret : entries(root, SECRETS_MAX)) {
            var name = name(secret);
            if (Files.isDirectory(secret) && !name.equals(FetchTerms.STORAGE_CONFIG)) {
                var said = told.secrets().getOrDefault(name, Map.of());
                sources.add(
                        new Source(
                                Source.Kind.SECRET, "Secret " + name, hidden(secret, name), said));
            }
        }
        return sources;
    }

    /** The entries of the Secret storage-config that are mounted, by key. */
    static Map<String, String> storageConfig(Path root) throws IOException {
        var directory = root.resolve(FetchTerms.STORAGE_CONFIG);
        return Files.isDirectory(directory) ? texts(directory) : Map.of();
    }

    private static Map<String, Sensitive> hidden(Path secret, String name) throws IOException {
        var values = new LinkedHashMap<String, Sensitive>();
        texts(secret)
                .forEach((key, text) ->
                        values.put(key, new Sensitive(text, "key " + key + " of Secret " + name)));
        return values;
    }

    private static Map<String, String> texts(Path directory) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var entry : entries(directory, KEYS_MAX)) {
            if (Files.isRegularFile(entry)) {
                texts.put(name(entry), text(entry));
            }
        }
        return texts;
    }

    private static List<Path> entries(Path directory, int max) throws IOException {
        try (var found = Files.list(directory)) {
            var list =
                    found.filter(path -> !name(path).startsWith(".."))
                            .limit(max + 1L)
                            .sorted()
                            .toList();
            if (list.size() > max) {
                throw new IOException(directory + " holds more than " + max + " entries");
            }
            return list;
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > VALUE_BYTES_MAX) {
            throw new IOException(file + " has more than " + VALUE_BYTES_MAX + " bytes");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
