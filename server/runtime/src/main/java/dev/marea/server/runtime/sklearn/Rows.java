package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.util.Arrays;
import java.util.List;

/** The rows of a request, as the numbers that estimators take. */
final class Rows {
    private static final double UINT64_RANGE = 0x1p64;

    private Rows() {}

    /** The one tensor of a request as a table of this many columns. */
    static Matrix of(List<Tensor> inputs, int columns, boolean flat) throws BadInput {
        var input = only(inputs, columns, flat);
        return new Matrix(input.rows(), columns, numbers(input));
    }

    /**
     * The one tensor of a request, which has this many columns.
     *
     * @param flat whether one column may also come as a list of values
     */
    static Tensor only(List<Tensor> inputs, int columns, boolean flat) throws BadInput {
        if (inputs.size() != 1) {
            throw new BadInput(
                    Data.FIELD,
                    "must be one tensor of shape [n, %d], are %d"
                            .formatted(columns, inputs.size()));
        }
        var input = inputs.getFirst();
        var shape = input.shape();
        boolean isFlat = flat && columns == 1 && shape.length == 1;
        if (shape.length != 2 && !isFlat) {
            throw new BadInput(
                    input.name(),
                    "must have the shape [n, %d], has %s%s"
                            .formatted(
                                    columns,
                                    Arrays.toString(shape),
                                    shape.length == 1 ? ": put the row into a list of rows" : ""));
        }
        if (!isFlat && shape[1] != columns) {
            throw new BadInput(
                    input.name(), "must have %d columns, has %d".formatted(columns, shape[1]));
        }
        if (shape[0] == 0) {
            throw new BadInput(input.name(), "must have at least one row");
        }
        return input;
    }

    /** A column of text; a column of nothing but NaN is one without any. */
    static String[] texts(Tensor input) throws BadInput {
        if (input.elements() instanceof Elements.Texts(var values)) {
            return values;
        }
        if (input.elements() instanceof Elements.Blobs) {
            throw new BadInput(input.name(), "must hold text, holds bytes that are not UTF-8");
        }
        for (double value : numbers(input)) {
            if (!Double.isNaN(value)) {
                throw new BadInput(
                        input.name(), "must hold text (BYTES), holds " + input.datatype());
            }
        }
        var missing = new String[input.elements().length()];
        Arrays.fill(missing, Elements.Texts.MISSING);
        return missing;
    }

    /** A column of numbers; a column of nothing but missing text is one without any. */
    static double[] numbersOrMissing(Tensor input) throws BadInput {
        if (!(input.elements() instanceof Elements.Texts(var values))) {
            return numbers(input);
        }
        for (var value : values) {
            if (!value.equals(Elements.Texts.MISSING)) {
                return numbers(input); // which refuses it
            }
        }
        var missing = new double[values.length];
        Arrays.fill(missing, Double.NaN);
        return missing;
    }

    /** Numbers that came as text, beside text. */
    static double[] parsed(String[] cells, String field) throws BadInput {
        var numbers = new double[cells.length];
        for (int row = 0; row < numbers.length; row++) {
            var cell = cells[row].strip();
            try {
                numbers[row] =
                        cell.isEmpty() || cell.equals(Elements.Texts.MISSING)
                                ? Double.NaN
                                : Double.parseDouble(cell);
            } catch (NumberFormatException noNumber) {
                throw new BadInput(
                        field,
                        "must hold a number in row %d, holds '%s'"
                                .formatted(row, Texts.shown(cell)));
            }
        }
        return numbers;
    }

    private static double[] numbers(Tensor input) throws BadInput {
        return switch (input.elements()) {
            case Elements.Doubles(var values) -> values;
            case Elements.Floats(var values) -> {
                var out = new double[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values[i];
                }
                yield out;
            }
            case Elements.Longs(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT64;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned && values[i] < 0 ? values[i] + UINT64_RANGE : values[i];
                }
                yield out;
            }
            case Elements.Ints(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT32;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? Integer.toUnsignedLong(values[i]) : values[i];
                }
                yield out;
            }
            case Elements.Shorts(var values) -> shorts(input, values);
            case Elements.Bytes(var values) -> {
                var out = new double[values.length];
                boolean unsigned = input.datatype() == Datatype.UINT8;
                for (int i = 0; i < out.length; i++) {
                    out[i] = unsigned ? Byte.toUnsignedInt(values[i]) : values[i];
                }
                yield out;
            }
            case Elements.Bools(var values) -> {
                var out = new double[values.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values[i] ? 1 : 0;
                }
                yield out;
            }
            case Elements.Texts _, Elements.Blobs _ ->
                    throw new BadInput(input.name(), "must hold numbers, holds text (BYTES)");
        };
    }

    private static double[] shorts(Tensor input, short[] values) {
        var out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] =
                    switch (input.datatype()) {
                        case FP16 -> Float.float16ToFloat(values[i]);
                        case BF16 -> Float.intBitsToFloat(values[i] << 16);
                        case UINT16 -> Short.toUnsignedInt(values[i]);
                        default -> values[i];
                    };
        }
        return out;
    }
}
