package dev.marea.server.runtime.sklearn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** The words that {@code stop_words='english'} leaves out. */
final class StopWords {
    private static final String FILE = "english-stop-words.txt";

    static final Set<String> ENGLISH = read();

    private StopWords() {}

    private static Set<String> read() {
        try (var file = StopWords.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is missing from the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
