package dev.marea.server.runtime;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The real models under examples/models, and what their own library answered. */
public final class Examples {
    public static final Path ROOT = Path.of("..", "..", "examples", "models");

    private Examples() {}

    /** Every directory that holds a model of one of these endings. */
    public static List<Path> withModel(String... endings) {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file ->
                            List.of(endings).stream().anyMatch(e -> file.toString().endsWith(e)))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static Path modelFile(Path directory) {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith("model."))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static Json expected(Path directory) {
        try {
            return JsonReader.read(Files.readAllBytes(directory.resolve("expected.json")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Rows of JSON numbers as a tensor; null is NaN. */
    public static Tensor rows(Json table) {
        var rows = ((Json.Arr) table).items();
        int columns = ((Json.Arr) rows.getFirst()).items().size();
        var values = new double[rows.size() * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(((Json.Arr) rows.get(i / columns)).items().get(i % columns));
        }
        return Tensor.of("input-0", new int[] {rows.size(), columns}, values);
    }

    public static double number(Json value) {
        return switch (value) {
            case Json.Int(var whole) -> whole;
            case Json.Dec(var real) -> real;
            case Json.Null() -> Double.NaN;
            case Json.Str(var word) when word.equals("inf") -> Double.POSITIVE_INFINITY;
            case Json.Str(var word) when word.equals("-inf") -> Double.NEGATIVE_INFINITY;
            default -> throw new IllegalArgumentException("no number: " + value);
        };
    }
}
