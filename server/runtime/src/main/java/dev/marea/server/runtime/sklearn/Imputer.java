package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import dev.marea.server.runtime.sklearn.Union.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Puts a column's statistic where a value is missing, and says where that was. */
final class Imputer {
    private Imputer() {}

    /**
     * @param kept the columns that come out, in order
     */
    record Filled(double[] statistics, Missing missing, int[] kept) implements NumericStep {
        @Override
        public int columnsIn() {
            return statistics.length;
        }

        @Override
        public int columnsOut() {
            return kept.length;
        }

        @Override
        public Accepts accepts() {
            return missing.accepts();
        }

        @Override
        public boolean fillsMissing() {
            return missing.absent();
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = new double[Math.multiplyExact(rows.rows(), kept.length)];
            int at = 0;
            for (int row = 0; row < rows.rows(); row++) {
                for (int column : kept) {
                    double value = rows.at(row, column);
                    out[at++] = missing.is(value) ? statistics[column] : value;
                }
            }
            return new Matrix(rows.rows(), kept.length, out);
        }
    }

    /** The same of columns that hold text, or of which some do. */
    record FilledTable(List<PyValue> statistics, Missing missing, int[] kept) implements Step {
        @Override
        public int columnsIn() {
            return statistics.size();
        }

        @Override
        public int columnsOut() {
            return kept.length;
        }

        @Override
        public Takes takes(int column) {
            return switch (statistics.get(column)) {
                case PyValue.Text _ -> Takes.TEXTS;
                case PyValue.Real(var nan) when Double.isNaN(nan) -> Takes.EITHER;
                default -> Takes.NUMBERS;
            };
        }

        @Override
        public Takes gives(int column) {
            return takes(kept[column]);
        }

        @Override
        public Accepts accepts() {
            return missing.accepts();
        }

        @Override
        public boolean fillsMissing() {
            return missing.absent();
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            if (!(rows instanceof Table table)) {
                throw new BadInput(Data.FIELD, "must hold text in one of the columns");
            }
            var cells = new ArrayList<Table.Column>(kept.length);
            for (int column : kept) {
                cells.add(
                        statistics.get(column) instanceof PyValue.Text(var text)
                                ? new Table.Texts(filled(table.texts(column), text))
                                : new Table.Numbers(
                                        filled(table.numbers(column), statistic(column))));
            }
            return new Table(rows.rows(), cells);
        }

        private double statistic(int column) {
            return switch (statistics.get(column)) {
                case PyValue.Int(var whole) -> whole;
                case PyValue.Real(var real) -> real;
                case PyValue.Bool flag -> flag == PyValue.Bool.TRUE ? 1 : 0;
                default -> Double.NaN;
            };
        }

        private String[] filled(String[] cells, String text) {
            var out = cells.clone();
            for (int row = 0; row < out.length; row++) {
                if (missing.is(out[row])) {
                    out[row] = text;
                }
            }
            return out;
        }

        private double[] filled(double[] cells, double number) {
            var out = cells.clone();
            for (int row = 0; row < out.length; row++) {
                if (missing.is(out[row])) {
                    out[row] = number;
                }
            }
            return out;
        }
    }

    /**
     * Ones where a value is missing.
     *
     * @param features the columns that it tells of
     * @param refusesNew whether a value may be missing in these alone
     */
    record Indicator(int columnsIn, int[] features, Missing missing, boolean refusesNew)
            implements Step {
        @Override
        public int columnsOut() {
            return features.length;
        }

        @Override
        public Takes takes(int column) {
            return Takes.EITHER;
        }

        @Override
        public Accepts accepts() {
            return missing.accepts();
        }

        @Override
        public boolean fillsMissing() {
            return true;
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            if (refusesNew) {
                refuseNew(rows);
            }
            Data.room(rows.rows(), features.length);
            var out = new double[rows.rows() * features.length];
            for (int i = 0; i < features.length; i++) {
                for (int row = 0; row < rows.rows(); row++) {
                    out[row * features.length + i] = isMissing(rows, row, features[i]) ? 1 : 0;
                }
            }
            return new Matrix(rows.rows(), features.length, out);
        }

        private boolean isMissing(Data rows, int row, int column) throws BadInput {
            return switch (rows) {
                case Table table when table.cells().get(column) instanceof Table.Texts(var cells) ->
                        missing.is(cells[row]);
                case Table table -> missing.is(table.numbers(column)[row]);
                case Matrix matrix -> missing.is(matrix.at(row, column));
                case Sparse sparse -> missing.is(sparse.dense().at(row, column));
            };
        }

        private void refuseNew(Data rows) throws BadInput {
            for (int column = 0; column < columnsIn; column++) {
                boolean told = Arrays.binarySearch(features, column) >= 0;
                for (int row = 0; !told && row < rows.rows(); row++) {
                    if (isMissing(rows, row, column)) {
                        throw new BadInput(
                                Data.FIELD,
                                "must hold a value in row %d, column %d, where none was missing when the model was fitted"
                                        .formatted(row, column));
                    }
                }
            }
        }
    }

    static Estimator read(State state) throws LoadFailure {
        var missing = Missing.of(state);
        return new Transformer(withIndicator(state, filled(state, missing), missing));
    }

    static Step filled(State state, Missing missing) throws LoadFailure {
        return state.array("statistics_").isNumeric()
                ? numbers(state, missing)
                : table(state, missing);
    }

    /** An imputer's step, with the indicator of the same columns at its side if it has one. */
    static Step withIndicator(State state, Step filled, Missing missing) throws LoadFailure {
        if (!state.flag("add_indicator", false)) {
            return filled;
        }
        return both(filled, indicator(state.part("indicator_"), filled.columnsIn(), missing));
    }

    private static Step numbers(State state, Missing missing) throws LoadFailure {
        var statistics = state.vector("statistics_");
        boolean keepsEmpty = keepsEmpty(state);
        var kept =
                IntStream.range(0, statistics.length)
                        .filter(column -> keepsEmpty || !Double.isNaN(statistics[column]))
                        .toArray();
        return new Filled(statistics, missing, kept);
    }

    private static Step table(State state, Missing missing) throws LoadFailure {
        var statistics = state.values(state.array("statistics_"));
        for (var statistic : statistics) {
            if (statistic instanceof PyValue.Text(var text)) {
                state.chargeText(text);
            }
        }
        boolean keepsEmpty = keepsEmpty(state);
        var kept =
                IntStream.range(0, statistics.size())
                        .filter(column -> keepsEmpty || !isNan(statistics.get(column)))
                        .toArray();
        if (statistics.stream().noneMatch(PyValue.Text.class::isInstance)) {
            var numbers = state.numbers(state.array("statistics_"), "statistics_");
            return new Filled(numbers, missing, kept);
        }
        return new FilledTable(statistics, missing, kept);
    }

    /** Columns without any value when fitted: before 1.6 a constant was put even there. */
    private static boolean keepsEmpty(State state) {
        return state.flag("keep_empty_features", false)
                || (state.text("strategy").orElse("").equals("constant")
                        && state.savedBefore(1, 6));
    }

    private static boolean isNan(PyValue value) {
        return value == PyValue.None.NONE
                || (value instanceof PyValue.Real(var real) && Double.isNaN(real));
    }

    private static Step both(Step filled, Indicator indicator) {
        int columns = filled.columnsIn();
        var all = IntStream.range(0, columns).toArray();
        var kinds = new Takes[columns];
        Arrays.setAll(kinds, filled::takes);
        return new Union(
                kinds,
                List.of(new Part(all, filled, 1), new Part(all, indicator, 1)),
                filled.columnsOut() + indicator.columnsOut(),
                false);
    }

    static Estimator missingIndicator(State state) throws LoadFailure {
        int columns = state.size(state.has("n_features_in_") ? "n_features_in_" : "_n_features");
        return new Transformer(indicator(state, columns, Missing.of(state)));
    }

    static Indicator indicator(State state, int columns, Missing missing) throws LoadFailure {
        var features = state.indices(state.needed("features_"), "features_", columns);
        boolean some = state.text("features").orElse("").equals("missing-only");
        return new Indicator(
                columns,
                some ? features : IntStream.range(0, columns).toArray(),
                missing,
                some && state.flag("error_on_new", false));
    }
}
