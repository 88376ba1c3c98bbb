package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;
import java.util.List;

/** Transformers that bring each column's values into another distribution. */
final class Distributions {
    private Distributions() {}

    /** Powers that make a column more like a bell: Yeo-Johnson's, or Box-Cox's of positive ones. */
    record Powers(double[] lambdas, boolean boxCox) implements NumericStep {
        @Override
        public int columnsIn() {
            return lambdas.length;
        }

        @Override
        public int columnsOut() {
            return lambdas.length;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public Matrix apply(Matrix rows) throws BadInput {
            var out = rows.values().clone();
            for (int i = 0; i < out.length; i++) {
                double lambda = lambdas[i % lambdas.length];
                if (boxCox && out[i] <= 0) {
                    throw new BadInput(
                            Data.FIELD,
                            "must be above zero for Box-Cox, but row %d, column %d is %s"
                                    .formatted(i / lambdas.length, i % lambdas.length, out[i]));
                }
                out[i] = boxCox ? boxCox(out[i], lambda) : yeoJohnson(out[i], lambda);
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }

        private static double boxCox(double x, double lambda) {
            return Math.abs(lambda) < 1e-19
                    ? Math.log(x)
                    : Math.expm1(lambda * Math.log(x)) / lambda;
        }

        private static double yeoJohnson(double x, double lambda) {
            if (lambda == 1) {
                return x;
            }
            if (x >= 0) {
                return Math.abs(lambda) < Math.ulp(1.0)
                        ? Math.log1p(x)
                        : Math.expm1(lambda * Math.log1p(x)) / lambda;
            }
            double opposite = 2 - lambda;
            return Math.abs(opposite) <= Math.ulp(1.0)
                    ? -Math.log1p(-x)
                    : -Math.expm1(opposite * Math.log1p(-x)) / opposite;
        }
    }

    static Estimator power(State state) throws LoadFailure {
        var powers =
                switch (state.text("method").orElse("")) {
                    case "yeo-johnson" -> new Powers(state.vector("lambdas_"), false);
                    case "box-cox" -> new Powers(state.vector("lambdas_"), true);
                    default -> throw state.unsupported("this method of powers");
                };
        if (!state.flag("standardize", true)) {
            return new Transformer(powers);
        }
        var scaler = Scalers.standard(state.part("_scaler")).step();
        if (scaler.columnsIn() != powers.columnsOut()) {
            throw state.failure("its scaler has other columns");
        }
        return new Transformer(new Pipeline.Chain(List.of(powers, scaler)));
    }

    /**
     * The share of values below one, or the place in a bell curve that has as many below it.
     *
     * @param quantiles by column, ascending
     * @param references the share that each of the quantiles stands for
     */
    record Shares(double[][] quantiles, double[] references, boolean bell) implements NumericStep {
        private static final double EDGE = 1e-7;
        private static final double BELL_MAX = Normal.quantile(1 - (EDGE - Math.ulp(1.0)));
        private static final double BELL_MIN = Normal.quantile(EDGE - Math.ulp(1.0));

        @Override
        public int columnsIn() {
            return quantiles.length;
        }

        @Override
        public int columnsOut() {
            return quantiles.length;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = rows.values().clone();
            for (int i = 0; i < out.length; i++) {
                if (!Double.isNaN(out[i])) {
                    double share = share(out[i], quantiles[i % quantiles.length]);
                    out[i] = bell ? Math.clamp(Normal.quantile(share), BELL_MIN, BELL_MAX) : share;
                }
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }

        private double share(double x, double[] known) {
            double least = known[0];
            double most = known[known.length - 1];
            if (bell ? x - EDGE < least : x == least) {
                return 0;
            }
            if (bell ? x + EDGE > most : x == most) {
                return 1;
            }
            // Of equal quantiles one way finds the last and the other the first: the middle counts.
            return (between(x, known) + betweenFromAbove(x, known)) / 2;
        }

        private double between(double x, double[] known) {
            int last = known.length - 1;
            if (x >= known[last]) {
                return references[last];
            }
            if (x < known[0]) {
                return references[0];
            }
            int at = lastAtMost(x, known);
            return known[at] == x ? references[at] : onLine(x, known, at);
        }

        private double betweenFromAbove(double x, double[] known) {
            int last = known.length - 1;
            if (x <= known[0]) {
                return references[0];
            }
            if (x > known[last]) {
                return references[last];
            }
            int at = firstAtLeast(x, known);
            if (known[at] == x) {
                return references[at];
            }
            double slope = (references[at] - references[at - 1]) / (known[at] - known[at - 1]);
            return references[at] - slope * (known[at] - x);
        }

        private double onLine(double x, double[] known, int at) {
            double slope = (references[at + 1] - references[at]) / (known[at + 1] - known[at]);
            return slope * (x - known[at]) + references[at];
        }

        private static int lastAtMost(double x, double[] known) {
            int at = Arrays.binarySearch(known, x);
            at = at < 0 ? -at - 2 : at;
            while (at + 1 < known.length && known[at + 1] == known[at]) {
                at++;
            }
            return at;
        }

        private static int firstAtLeast(double x, double[] known) {
            int at = Arrays.binarySearch(known, x);
            at = at < 0 ? -at - 1 : at;
            while (at > 0 && known[at - 1] == known[at]) {
                at--;
            }
            return at;
        }
    }

    static Estimator quantiles(State state) throws LoadFailure {
        var table = state.matrix("quantiles_");
        var references = state.vector("references_", table.rows());
        if (table.rows() < 1) {
            throw state.failure("quantiles_ is empty");
        }
        boolean bell =
                switch (state.text("output_distribution").orElse("")) {
                    case "normal" -> true;
                    case "uniform" -> false;
                    default -> throw state.unsupported("this output_distribution");
                };
        state.charge(table.values().length);
        var columns = new double[table.columns()][table.rows()];
        for (int row = 0; row < table.rows(); row++) {
            for (int column = 0; column < columns.length; column++) {
                columns[column][row] = table.at(row, column);
            }
        }
        return new Transformer(new Shares(columns, references, bell));
    }

    /** The number of the bin that a value falls into. */
    record Bins(double[][] edges) implements NumericStep {
        @Override
        public int columnsIn() {
            return edges.length;
        }

        @Override
        public int columnsOut() {
            return edges.length;
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = new double[rows.values().length];
            for (int i = 0; i < out.length; i++) {
                out[i] = bin(rows.values()[i], edges[i % edges.length]);
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }

        private static int bin(double x, double[] inner) {
            int low = 0;
            int high = inner.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (inner[middle] <= x) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    static Estimator bins(State state) throws LoadFailure {
        var all = state.items("bin_edges_");
        var inner = new double[all.size()][];
        for (int column = 0; column < inner.length; column++) {
            var edges = state.numbers(all.get(column), "bin_edges_");
            inner[column] =
                    edges.length <= 2
                            ? new double[0]
                            : Arrays.copyOfRange(edges, 1, edges.length - 1);
        }
        var bins = new Bins(inner);
        if (state.text("encode").orElse("").equals("ordinal")) {
            return new Transformer(bins);
        }
        var ones = Encoders.oneHot(state.part("_encoder")).step();
        if (ones.columnsIn() != inner.length) {
            throw state.failure("its encoder has other columns");
        }
        return new Transformer(new Pipeline.Chain(List.of(bins, ones)));
    }

    /** One above a threshold. */
    record Above(int columnsIn, double threshold) implements SparseStep {
        @Override
        public int columnsOut() {
            return columnsIn;
        }

        @Override
        public Matrix apply(Matrix rows) {
            return new Matrix(rows.rows(), columnsIn, of(rows.values()));
        }

        @Override
        public Data apply(Sparse rows) throws BadInput {
            return threshold < 0 ? apply(rows.dense()) : rows.with(of(rows.values()));
        }

        private double[] of(double[] values) {
            var out = new double[values.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = values[i] > threshold ? 1 : 0;
            }
            return out;
        }
    }

    static Estimator binarizer(State state) throws LoadFailure {
        return new Transformer(new Above(state.size("n_features_in_"), state.number("threshold")));
    }
}
