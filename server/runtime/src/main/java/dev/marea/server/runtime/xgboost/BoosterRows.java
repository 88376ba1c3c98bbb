package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The rows of a request in single precision: from one table, or from a tensor for each column. */
final class BoosterRows {
    private final int columns;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<Categories> categories;

    BoosterRows(BoosterParts parts) {
        this.columns = parts.columns();
        this.categories = parts.categories();
        for (int i = 0; i < parts.names().size(); i++) {
            places.put(parts.names().get(i), i);
        }
    }

    /** How many rows there are; the inputs are then known to have a shape that fits. */
    int count(List<Tensor> inputs) throws BadInput {
        if (inputs.isEmpty()) {
            throw new BadInput("inputs", "must hold a tensor of shape " + wanted());
        }
        int count = isTable(inputs) ? tableRows(inputs.getFirst()) : columnRows(inputs);
        if (count == 0) {
            throw new BadInput(inputs.getFirst().name(), "must have at least one row");
        }
        return count;
    }

    private boolean isTable(List<Tensor> inputs) {
        return inputs.size() == 1 && (columns > 1 || !places.containsKey(inputs.getFirst().name()));
    }

    private String wanted() {
        return "[n, " + columns + "]";
    }

    private int tableRows(Tensor table) throws BadInput {
        var shape = table.shape();
        if (shape.length != 2) {
            throw new BadInput(
                    table.name(),
                    "must have the shape %s, has %s%s"
                            .formatted(
                                    wanted(),
                                    Arrays.toString(shape),
                                    shape.length == 1 ? ": put the row into a list of rows" : ""));
        }
        if (shape[1] != columns) {
            throw new BadInput(
                    table.name(), "must have %d columns, has %d".formatted(columns, shape[1]));
        }
        return shape[0];
    }

    private int columnRows(List<Tensor> inputs) throws BadInput {
        if (places.isEmpty()) {
            throw new BadInput(
                    "inputs",
                    "must be one tensor of shape %s, are %d: the model names no columns"
                            .formatted(wanted(), inputs.size()));
        }
        int rows = inputs.getFirst().rows();
        for (var input : inputs) {
            var shape = input.shape();
            if (shape.length == 0 || shape.length > 2 || (shape.length == 2 && shape[1] != 1)) {
                throw new BadInput(
                        input.name(),
                        "must have the shape [n] or [n, 1], has " + Arrays.toString(shape));
            }
            if (shape[0] != rows) {
                throw new BadInput(
                        input.name(),
                        "has %d rows, '%s' has %d"
                                .formatted(shape[0], inputs.getFirst().name(), rows));
            }
        }
        return rows;
    }

    float[] of(List<Tensor> inputs, int count) throws BadInput {
        return isTable(inputs) ? table(inputs.getFirst()) : joined(inputs, count);
    }

    private float[] table(Tensor table) throws BadInput {
        if (!isText(table)) {
            return checked(table, SinglePrecision.of(table));
        }
        if (categories.isEmpty()) {
            throw new BadInput(table.name(), "must hold numbers, holds text (BYTES)");
        }
        throw new BadInput(
                table.name(), "must hold numbers; send text as a tensor for each column");
    }

    private static boolean isText(Tensor tensor) {
        return tensor.elements() instanceof Elements.Texts
                || tensor.elements() instanceof Elements.Blobs;
    }

    /** The library refuses infinite numbers; a double beyond single precision becomes one. */
    private static float[] checked(Tensor input, float[] values) throws BadInput {
        for (int i = 0; i < values.length; i++) {
            if (Float.isInfinite(values[i])) {
                int width = input.rank() == 2 ? input.shape()[1] : 1;
                throw new BadInput(
                        input.name(),
                        "takes numbers of at most %s, but row %d, column %d is infinite or larger"
                                .formatted(Float.MAX_VALUE, i / width, i % width));
            }
        }
        return values;
    }

    private float[] joined(List<Tensor> inputs, int count) throws BadInput {
        var rows = new float[Math.multiplyExact(count, columns)];
        var seen = new boolean[columns];
        for (var input : inputs) {
            var place = places.get(input.name());
            if (place == null || seen[place]) {
                throw new BadInput(
                        input.name(),
                        place == null ? "is no column of this model" : "is there twice");
            }
            seen[place] = true;
            var values =
                    checked(input, isText(input) ? codes(input, place) : numbers(input, place));
            for (int row = 0; row < count; row++) {
                rows[row * columns + place] = values[row];
            }
        }
        checkComplete(seen);
        return rows;
    }

    private void checkComplete(boolean[] seen) throws BadInput {
        for (var place : places.entrySet()) {
            if (!seen[place.getValue()]) {
                throw new BadInput("inputs", "lack the column '" + place.getKey() + "'");
            }
        }
    }

    private Categories known(int place) {
        return place < categories.size() ? categories.get(place) : Categories.NONE;
    }

    /** Numbers, which may be the names of categories, as a data frame has them. */
    private float[] numbers(Tensor input, int place) throws BadInput {
        var numbers = SinglePrecision.of(input);
        var known = known(place);
        if (!known.numeric()) {
            return numbers;
        }
        var codes = new float[numbers.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] =
                    Float.isNaN(numbers[i])
                            ? Float.NaN
                            : checked(input, known.code(numbers[i]), String.valueOf(numbers[i]));
        }
        return codes;
    }

    /** Categories by their names; a text that is not there is a missing value in any column. */
    private float[] codes(Tensor input, int place) throws BadInput {
        var known = known(place);
        if (!(input.elements() instanceof Elements.Texts(var texts))) {
            throw new BadInput(input.name(), "must hold text in UTF-8 or numbers");
        }
        var codes = new float[texts.length];
        for (int i = 0; i < codes.length; i++) {
            boolean missing = texts[i].equals(Elements.Texts.MISSING);
            if (!missing && known.isEmpty()) {
                throw new BadInput(
                        input.name(),
                        "must hold numbers, holds text (BYTES), for which the model has no names");
            }
            codes[i] = missing ? Float.NaN : checked(input, known.code(texts[i]), texts[i]);
        }
        return codes;
    }

    private static int checked(Tensor input, OptionalInt code, String name) throws BadInput {
        if (code.isEmpty()) {
            throw new BadInput(
                    input.name(),
                    "holds the category '%s', which the model was not trained with"
                            .formatted(name.length() <= 60 ? name : name.substring(0, 60) + "..."));
        }
        return code.getAsInt();
    }
}
