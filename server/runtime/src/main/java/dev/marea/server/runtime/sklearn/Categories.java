package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that one column had when it was fitted. Their order is their code. A missing value may
 * be one of them; the library's None and NaN are both a missing value here.
 */
final class Categories {
    /** The code of a value that was not seen. */
    static final int UNKNOWN = -1;

    private static final int NONE = -1;

    private final int count;
    private final boolean isText;
    private final Map<String, Integer> texts = new HashMap<>();

    /** Sorted, with the code of each beside it. */
    private double[] numbers = {};

    private int[] codes = {};
    private int missing = NONE;
    private boolean missingIsNan;

    private Categories(List<PyValue> values, boolean isText) {
        this.count = values.size();
        this.isText = isText;
    }

    /** One for each column of an encoder. */
    static List<Categories> all(State state, String name) throws LoadFailure {
        var all = new ArrayList<Categories>();
        for (var item : state.items(name)) {
            if (!(item instanceof NdArray array)) {
                throw state.failure(name + " must hold arrays, holds " + item.kind());
            }
            all.add(of(state, array));
        }
        return all;
    }

    static Categories one(State state, String name) throws LoadFailure {
        return of(state, state.array(name));
    }

    private static Categories of(State state, NdArray array) throws LoadFailure {
        var values = state.values(array);
        boolean isText = values.stream().anyMatch(PyValue.Text.class::isInstance);
        var categories = new Categories(values, isText);
        categories.fill(state, values);
        return categories;
    }

    private void fill(State state, List<PyValue> values) throws LoadFailure {
        var seen = new ArrayList<double[]>();
        for (int code = 0; code < values.size(); code++) {
            var value = values.get(code);
            if (isMissing(value)) {
                // Where both are categories, a missing value is None: JSON and numpy say so.
                if (missing == NONE || missingIsNan) {
                    missing = code;
                    missingIsNan = value != PyValue.None.NONE;
                }
            } else if (value instanceof PyValue.Text(var text) && isText) {
                state.chargeText(text);
                texts.putIfAbsent(text, code);
            } else if (!isText) {
                seen.add(new double[] {state.number(value, "a category"), code});
            } else {
                throw state.unsupported("a column of text and numbers");
            }
        }
        seen.sort((a, b) -> Double.compare(a[0], b[0]));
        numbers = seen.stream().mapToDouble(pair -> pair[0]).toArray();
        codes = seen.stream().mapToInt(pair -> (int) pair[1]).toArray();
    }

    private static boolean isMissing(PyValue value) {
        return value == PyValue.None.NONE
                || (value instanceof PyValue.Real(var real) && Double.isNaN(real));
    }

    int count() {
        return count;
    }

    Takes takes() {
        return isText ? Takes.TEXTS : Takes.NUMBERS;
    }

    /** The code of NaN as a category, or {@link #UNKNOWN}; None is a category like others. */
    int nan() {
        return missing != NONE && missingIsNan ? missing : UNKNOWN;
    }

    int code(String text) {
        return text.equals(Elements.Texts.MISSING) ? missing : texts.getOrDefault(text, UNKNOWN);
    }

    int code(double number) {
        if (Double.isNaN(number)) {
            return missing;
        }
        int at = Arrays.binarySearch(numbers, number == 0 ? 0.0 : number);
        return at < 0 ? UNKNOWN : codes[at];
    }

    /** The codes of a column of rows. */
    int[] codes(Data rows, int column) throws BadInput {
        return switch (rows) {
            case Table table when isText -> {
                var cells = table.texts(column);
                var found = new int[cells.length];
                for (int row = 0; row < found.length; row++) {
                    found[row] = code(cells[row]);
                }
                yield found;
            }
            case Table table -> codes(table.numbers(column), 0, 1);
            case Matrix(_, int columns, var values) when !isText -> codes(values, column, columns);
            case Matrix _ -> throw new BadInput(Data.FIELD, "must hold text in column " + column);
            case Sparse sparse -> codes(sparse.dense(), column);
        };
    }

    private int[] codes(double[] values, int first, int stride) {
        var found = new int[values.length / stride];
        for (int row = 0; row < found.length; row++) {
            found[row] = code(values[first + row * stride]);
        }
        return found;
    }

    /** What an encoder that knows no unknown values says of this one. */
    static BadInput unknown(Data rows, int row, int column) throws BadInput {
        var value =
                switch (rows) {
                    case Table table
                            when table.cells().get(column) instanceof Table.Texts(var cells) ->
                            cells[row].equals(Elements.Texts.MISSING)
                                    ? "missing"
                                    : "'" + Texts.shown(cells[row]) + "'";
                    case Table table -> String.valueOf(table.numbers(column)[row]);
                    case Matrix matrix -> String.valueOf(matrix.at(row, column));
                    case Sparse sparse -> String.valueOf(sparse.dense().at(row, column));
                };
        return new BadInput(
                Data.FIELD,
                "must hold a category that the model was fitted with in row %d, column %d, which is %s"
                        .formatted(row, column, value));
    }
}
