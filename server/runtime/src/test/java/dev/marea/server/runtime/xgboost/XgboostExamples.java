package dev.marea.server.runtime.xgboost;

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
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** The real boosters under examples/models/xgboost, and what XGBoost itself answered. */
final class XgboostExamples {
    static final Path ROOT = Examples.ROOT.resolve("xgboost");

    static final List<String> COLORS = List.of("red", "green", "blue");

    private XgboostExamples() {}

    /** Every booster that was saved by itself, by directory. */
    static List<Path> boosters() {
        return directories().stream().filter(d -> !name(d).startsWith("pickle-")).toList();
    }

    static List<Path> pickles() {
        return directories().stream().filter(d -> name(d).startsWith("pickle-")).toList();
    }

    private static List<Path> directories() {
        try (var files = Files.walk(ROOT)) {
            return files.filter(f -> f.endsWith("expected.json"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String name(Path directory) {
        return directory.getFileName().toString();
    }

    static Path model(String set, String name) {
        return Examples.modelFile(ROOT.resolve(set).resolve(name));
    }

    /** The rows that a model was asked: a shared table, and rows of its own. */
    static float[][] rows(Json expected) throws IOException {
        var tables = JsonReader.read(Files.readAllBytes(ROOT.resolve("rows.json")));
        var rows = new ArrayList<Json>();
        var table = ((Json.Str) expected.at("rows").orElseThrow()).value();
        rows.addAll(((Json.Arr) tables.at(table).orElseThrow()).items());
        rows.addAll(((Json.Arr) expected.at("more").orElseThrow()).items());
        return rows.stream().map(XgboostExamples::numbers).toArray(float[][]::new);
    }

    /** Numbers of one list, or of the lists in it; null is NaN. */
    static float[] numbers(Json list) {
        var flat = new ArrayList<Float>();
        collect(list, flat);
        var numbers = new float[flat.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = flat.get(i);
        }
        return numbers;
    }

    private static void collect(Json value, List<Float> into) {
        if (value instanceof Json.Arr(var items)) {
            items.forEach(item -> collect(item, into));
        } else {
            into.add((float) Examples.number(value));
        }
    }

    static float[] flat(float[][] rows) {
        int columns = rows[0].length;
        var flat = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return flat;
    }

    /** One column of a table as a tensor, as a data frame has it. */
    static Tensor column(String name, float[][] rows, int column) {
        return column(name, rows, column, value -> value);
    }

    static Tensor column(String name, float[][] rows, int column, DoubleUnaryOperator of) {
        var values = new double[rows.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = of.applyAsDouble(rows[row][column]);
        }
        return Tensor.of(name, new int[] {rows.length}, values);
    }

    /** A column of codes by the names of its categories. */
    static Tensor named(String name, float[][] rows, int column, IntFunction<String> of) {
        var texts = new String[rows.length];
        for (int row = 0; row < texts.length; row++) {
            float code = rows[row][column];
            texts[row] = Float.isNaN(code) ? Elements.Texts.MISSING : of.apply((int) code);
        }
        return Tensor.of(name, new int[] {rows.length}, texts);
    }
}
