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

    /**
     * Where each Secret lies, by its name.
     *
     * @param mounted the directory of all of them, or {@code name=directory} with commas between,
     *     as where there are no mounts each is somewhere else
     */
    static Map<String, Path> places(String mounted) throws IOException {
        var places = new LinkedHashMap<String, Path>();
        if (mounted.contains("=")) {
            for (var pair : mounted.split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    places.put(pair.substring(0, equals), Path.of(pair.substring(equals + 1)));
                }
            }
        } else if (!mounted.isBlank() && Files.isDirectory(Path.of(mounted))) {
            entries(Path.of(mounted), SECRETS_MAX).forEach(path -> places.put(name(path), path));
        }
        places.values().removeIf(path -> !Files.isDirectory(path));
        return places;
    }

    /** Each Secret with what its annotations say. */
    static List<Source> read(Map<String, Path> places, FetchTerms.Told told) throws IOException {
        var sources = new ArrayList<Source>();
        for (var place : places.entrySet()) {
            var name = place.getKey();
            if (!name.equals(FetchTerms.STORAGE_CONFIG)) {
                sources.add(
                        new Source(
                                Source.Kind.SECRET,
                                "Secret " + name,
                                hidden(place.getValue(), name),
                                told.secrets().getOrDefault(name, Map.of())));
            }
        }
        return sources;
    }

    /** The entries of the Secret storage-config that are mounted, by key. */
    static Map<String, String> storageConfig(Map<String, Path> places) throws IOException {
        var directory = places.get(FetchTerms.STORAGE_CONFIG);
        return directory == null ? Map.of() : texts(directory);
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
