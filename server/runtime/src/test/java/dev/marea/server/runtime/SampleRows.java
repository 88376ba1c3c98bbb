package dev.marea.server.runtime;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rows of a sample model in any of their forms: numbers, texts, a data frame's columns. */
public final class SampleRows {
    private SampleRows() {}

    /** The rows of an expected.json, which may lie in a file that others share. */
    public static List<Tensor> of(Path directory) {
        var expected = Examples.expected(directory);
        var holder = expected.at("inputs").isPresent() ? file(directory, expected) : expected;
        var input = holder.at("input").orElseThrow();
        return input instanceof Json.Obj(var columns)
                ? columns.entrySet().stream().map(c -> column(c.getKey(), c.getValue())).toList()
                : List.of(tensor("input-0", input));
    }

    private static Json file(Path directory, Json expected) {
        var name = ((Json.Str) expected.at("inputs").orElseThrow()).value();
        try {
            return JsonReader.read(Files.readAllBytes(directory.resolve(name)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Tensor column(String name, Json values) {
        return tensor(name, values);
    }

    private static Tensor tensor(String name, Json values) {
        var items = ((Json.Arr) values).items();
        boolean nested = items.getFirst() instanceof Json.Arr;
        int columns = nested ? ((Json.Arr) items.getFirst()).items().size() : 1;
        var shape = nested ? new int[] {items.size(), columns} : new int[] {items.size()};
        var cells =
                nested
                        ? items.stream().flatMap(r -> ((Json.Arr) r).items().stream()).toList()
                        : items;
        if (cells.stream().anyMatch(Json.Str.class::isInstance)) {
            return Tensor.of(
                    name, shape, cells.stream().map(SampleRows::text).toArray(String[]::new));
        }
        if (cells.stream().allMatch(Json.Bool.class::isInstance)) {
            var flags = new boolean[cells.size()];
            for (int i = 0; i < flags.length; i++) {
                flags[i] = ((Json.Bool) cells.get(i)).value();
            }
            return new Tensor(name, Datatype.BOOL, shape, new Elements.Bools(flags));
        }
        if (cells.stream().allMatch(Json.Int.class::isInstance)) {
            return Tensor.of(
                    name, shape, cells.stream().mapToLong(c -> ((Json.Int) c).value()).toArray());
        }
        return Tensor.of(name, shape, cells.stream().mapToDouble(Examples::number).toArray());
    }

    private static String text(Json cell) {
        return cell instanceof Json.Str(var text) ? text : Elements.Texts.MISSING;
    }
}
