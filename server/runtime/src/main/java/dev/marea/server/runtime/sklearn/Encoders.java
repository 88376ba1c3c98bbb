package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Categories as numbers: a column each (one-hot), a code each (ordinal), a mean each (target). */
final class Encoders {
    private static final int NOWHERE = -1;

    /** Up to here a row of zeros and ones costs less than a list of the ones. */
    private static final int DENSE_COLUMNS_MAX = 64;

    private Encoders() {}

    /**
     * A one in the column of each category.
     *
     * @param targets by column: the position of the one for each category, or {@link #NOWHERE}; the
     *     last is for a value that was not seen
     * @param sparse whether the library's rows are
     */
    record OneHot(
            List<Categories> categories,
            int[][] targets,
            boolean refuses,
            int columnsOut,
            boolean sparse)
            implements Step {
        @Override
        public boolean givesSparse(boolean given) {
            return sparse;
        }

        @Override
        public int columnsIn() {
            return targets.length;
        }

        @Override
        public Takes takes(int column) {
            return categories.get(column).takes();
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public boolean fillsMissing() {
            return true;
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            var ones = new int[columnsIn()][];
            for (int column = 0; column < ones.length; column++) {
                ones[column] = places(rows, column);
            }
            return columnsOut <= DENSE_COLUMNS_MAX ? dense(ones) : sparsely(ones);
        }

        private int[] places(Data rows, int column) throws BadInput {
            var codes = known(categories.get(column), rows, column, refuses);
            var places = targets[column];
            for (int row = 0; row < codes.length; row++) {
                codes[row] = codes[row] < 0 ? places[places.length - 1] : places[codes[row]];
            }
            return codes;
        }

        private Matrix dense(int[][] ones) throws BadInput {
            int rows = ones[0].length;
            Data.room(rows, columnsOut);
            var out = new double[rows * columnsOut];
            for (var column : ones) {
                for (int row = 0; row < rows; row++) {
                    if (column[row] != NOWHERE) {
                        out[row * columnsOut + column[row]] = 1;
                    }
                }
            }
            return new Matrix(rows, columnsOut, out);
        }

        private Sparse sparsely(int[][] ones) throws BadInput {
            int rows = ones[0].length;
            Data.room(rows, ones.length);
            var starts = new int[rows + 1];
            var positions = new int[rows * ones.length];
            int at = 0;
            for (int row = 0; row < rows; row++) {
                for (var column : ones) {
                    if (column[row] != NOWHERE) {
                        positions[at++] = column[row];
                    }
                }
                starts[row + 1] = at;
            }
            var values = new double[at];
            Arrays.fill(values, 1);
            return new Sparse(columnsOut, starts, Arrays.copyOf(positions, at), values);
        }
    }

    /**
     * A number for each category.
     *
     * @param values by column: the number of each category; the last is for one that was not seen
     * @param width how many numbers a column becomes; those of one category lie side by side
     */
    record Valued(List<Categories> categories, double[][] values, int width, boolean refuses)
            implements Step {
        @Override
        public int columnsIn() {
            return values.length;
        }

        @Override
        public int columnsOut() {
            return values.length * width;
        }

        @Override
        public Takes takes(int column) {
            return categories.get(column).takes();
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            int columnsOut = columnsOut();
            Data.room(rows.rows(), columnsOut);
            var out = new double[rows.rows() * columnsOut];
            for (int column = 0; column < values.length; column++) {
                var known = categories.get(column);
                var codes = known(known, rows, column, refuses);
                for (int row = 0; row < codes.length; row++) {
                    int from = (codes[row] < 0 ? known.count() : codes[row]) * width;
                    int to = row * columnsOut + column * width;
                    System.arraycopy(values[column], from, out, to, width);
                }
            }
            return new Matrix(rows.rows(), columnsOut, out);
        }
    }

    private static int[] known(Categories categories, Data rows, int column, boolean refuses)
            throws BadInput {
        var codes = categories.codes(rows, column);
        for (int row = 0; refuses && row < codes.length; row++) {
            if (codes[row] == Categories.UNKNOWN) {
                throw Categories.unknown(rows, row, column);
            }
        }
        return codes;
    }

    static Estimator oneHot(State state) throws LoadFailure {
        var categories = categories(state);
        var handling = state.text("handle_unknown").orElse("error");
        boolean toInfrequent = handling.equals("infrequent_if_exist") || handling.equals("warn");
        var targets = new int[categories.size()][];
        int columnsOut = 0;
        for (int column = 0; column < targets.length; column++) {
            var grouping = grouping(state, column);
            int count = categories.get(column).count();
            state.charge(count + 1L);
            var grouped = grouped(state, grouping, count);
            int groups = Arrays.stream(grouped).max().orElse(-1) + 1;
            int dropped = dropped(state, column);
            if (dropped >= groups) {
                throw state.failure("drop_idx_ drops a category that there is not");
            }
            // The infrequent ones share the last group.
            int unknown = toInfrequent && grouping.length > 0 ? groups - 1 : NOWHERE;
            targets[column] = new int[count + 1];
            for (int code = 0; code <= count; code++) {
                int group = code == count ? unknown : grouped[code];
                targets[column][code] =
                        group == NOWHERE || group == dropped
                                ? NOWHERE
                                : columnsOut + group - (dropped >= 0 && group > dropped ? 1 : 0);
            }
            columnsOut += groups - (dropped >= 0 ? 1 : 0);
        }
        boolean sparse = state.flag(state.has("sparse_output") ? "sparse_output" : "sparse", true);
        return new Transformer(
                new OneHot(categories, targets, handling.equals("error"), columnsOut, sparse));
    }

    private static List<Categories> categories(State state) throws LoadFailure {
        var categories = Categories.all(state, "categories_");
        if (categories.isEmpty()) {
            throw state.failure("categories_ is empty");
        }
        return categories;
    }

    /** Into which group each category falls; empty where there are no infrequent ones. */
    private static double[] grouping(State state, int column) throws LoadFailure {
        if (!state.flag("_infrequent_enabled", false)) {
            return new double[0];
        }
        var groupings = state.items("_default_to_infrequent_mappings");
        if (column >= groupings.size()) {
            throw state.failure("_default_to_infrequent_mappings is short");
        }
        return groupings.get(column) instanceof NdArray array
                ? state.numbers(array, "a grouping")
                : new double[0];
    }

    private static int[] grouped(State state, double[] grouping, int count) throws LoadFailure {
        var grouped = new int[count];
        for (int code = 0; code < count; code++) {
            grouped[code] = grouping.length == 0 ? code : group(state, grouping, code, count);
        }
        return grouped;
    }

    private static int group(State state, double[] grouping, int code, int count)
            throws LoadFailure {
        if (code >= grouping.length || !(grouping[code] >= 0 && grouping[code] < count)) {
            throw state.failure("a grouping of infrequent categories leaves the categories");
        }
        return (int) grouping[code];
    }

    /** The group that has no column, or {@link #NOWHERE}. Before 1.2 one name was used for it. */
    private static int dropped(State state, int column) throws LoadFailure {
        var name =
                state.knows("_drop_idx_after_grouping") ? "_drop_idx_after_grouping" : "drop_idx_";
        if (!state.has(name)) {
            return NOWHERE;
        }
        var dropped = state.values(state.array(name));
        if (column >= dropped.size()) {
            throw state.failure(name + " is short");
        }
        var index = dropped.get(column);
        return index == PyValue.None.NONE ? NOWHERE : state.size(index, name);
    }

    static Estimator ordinal(State state) throws LoadFailure {
        var categories = categories(state);
        boolean refuses = state.text("handle_unknown").orElse("error").equals("error");
        double unknown = refuses ? 0 : state.number("unknown_value");
        double missing =
                state.knows("encoded_missing_value")
                        ? state.number("encoded_missing_value")
                        : Double.NaN;
        var values = new double[categories.size()][];
        for (int column = 0; column < values.length; column++) {
            var known = categories.get(column);
            var grouping = grouping(state, column);
            state.charge(known.count() + 1L);
            values[column] = new double[known.count() + 1];
            for (int code = 0; code < known.count(); code++) {
                values[column][code] =
                        code == known.nan()
                                ? missing
                                : grouping.length == 0
                                        ? code
                                        : group(state, grouping, code, known.count());
            }
            values[column][known.count()] = unknown;
        }
        return new Transformer(new Valued(categories, values, 1, refuses));
    }

    /** The mean of the target for each category, and the overall mean for others. */
    static Estimator target(State state) throws LoadFailure {
        var categories = categories(state);
        int width =
                state.text("target_type_").orElse("").equals("multiclass")
                        ? state.classes().count()
                        : 1;
        var means = state.vector("target_mean_", width);
        var encodings = state.items("encodings_");
        if (encodings.size() != categories.size() * width) {
            throw state.failure("encodings_ does not fit categories_");
        }
        var values = new ArrayList<double[]>();
        for (int column = 0; column < categories.size(); column++) {
            int count = categories.get(column).count();
            state.charge((count + 1L) * width);
            var side = new double[(count + 1) * width];
            for (int k = 0; k < width; k++) {
                var ofClass = state.numbers(encodings.get(column * width + k), "encodings_");
                if (ofClass.length != count) {
                    throw state.failure("encodings_ does not fit categories_");
                }
                for (int code = 0; code <= count; code++) {
                    side[code * width + k] = code == count ? means[k] : ofClass[code];
                }
            }
            values.add(side);
        }
        return new Transformer(
                new Valued(categories, values.toArray(double[][]::new), width, false));
    }
}
