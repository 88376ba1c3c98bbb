package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The models under examples/models/lightgbm, with rows that several of them share. */
public final class LightgbmExamples {
    public static final Path ROOT = Examples.ROOT.resolve("lightgbm");

    private LightgbmExamples() {}

    /** Every directory whose model file has one of these endings. */
    public static List<Path> withModel(String... endings) {
        return Examples.withModel(endings).stream()
                .filter(directory -> directory.startsWith(ROOT))
                .toList();
    }

    /** What the library was asked. */
    public static List<Tensor> rows(Path directory, Json expected) {
        var name = ((Json.Str) expected.at("rows").orElseThrow()).value();
        var file = directory.resolveSibling("rows").resolve(name + ".json");
        return switch (read(file)) {
            case Json.Obj(var columns) -> {
                var tensors = new ArrayList<Tensor>();
                columns.forEach((column, cells) -> tensors.add(column(column, cells)));
                yield tensors;
            }
            case Json table -> List.of(table(table));
        };
    }

    private static Json read(Path file) {
        try {
            return JsonReader.read(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Tensor column(String name, Json cells) {
        var items = ((Json.Arr) cells).items();
        int[] shape = {items.size()};
        return items.stream().anyMatch(Json.Str.class::isInstance)
                ? Tensor.of(
                        name,
                        shape,
                        items.stream().map(LightgbmExamples::text).toArray(String[]::new))
                : Tensor.of(name, shape, items.stream().mapToDouble(Examples::number).toArray());
    }

    private static Tensor table(Json table) {
        var rows = ((Json.Arr) table).items();
        var values =
                rows.stream()
                        .flatMap(row -> ((Json.Arr) row).items().stream())
                        .mapToDouble(Examples::number)
                        .toArray();
        return Tensor.of("input-0", new int[] {rows.size(), values.length / rows.size()}, values);
    }

    private static String text(Json value) {
        return value instanceof Json.Str(var text) ? text : Elements.Texts.MISSING;
    }
}
