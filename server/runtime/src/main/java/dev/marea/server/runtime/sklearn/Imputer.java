package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.stream.IntStream;

/** Puts a column's statistic where a value is missing. */
final class Imputer {
    private Imputer() {}

    /**
     * @param missing the value that stands for a missing one; NaN or a number
     * @param kept the columns that come out, in order
     */
    record Filled(double[] statistics, double missing, int[] kept) implements NumericStep {
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
            return Double.isNaN(missing) ? Accepts.FINITE_OR_NAN : Accepts.FINITE;
        }

        @Override
        public boolean fillsMissing() {
            return Double.isNaN(missing);
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = new double[Math.multiplyExact(rows.rows(), kept.length)];
            int at = 0;
            for (int row = 0; row < rows.rows(); row++) {
                for (int column : kept) {
                    double value = rows.at(row, column);
                    out[at++] = isMissing(value) ? statistics[column] : value;
                }
            }
            return new Matrix(rows.rows(), kept.length, out);
        }

        private boolean isMissing(double value) {
            return Double.isNaN(missing) ? Double.isNaN(value) : value == missing;
        }
    }

    static Estimator read(State state) throws LoadFailure {
        if (state.flag("add_indicator", false)) {
            throw state.unsupported("add_indicator");
        }
        if (!state.array("statistics_").isNumeric()) {
            throw state.unsupported("an imputer of text");
        }
        var statistics = state.vector("statistics_");
        boolean keepAll =
                state.flag("keep_empty_features", false)
                        || state.text("strategy").orElse("").equals("constant");
        var kept =
                IntStream.range(0, statistics.length)
                        .filter(column -> keepAll || !Double.isNaN(statistics[column]))
                        .toArray();
        return new Transformer(new Filled(statistics, state.number("missing_values"), kept));
    }
}
