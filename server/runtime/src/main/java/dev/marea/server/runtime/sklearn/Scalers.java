package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;
import java.util.Optional;

/** Scalers: each column by itself, and the one that scales rows. */
final class Scalers {
    private Scalers() {}

    /** (x - shift) / divisor between -bound and bound, a column at a time. */
    record Standard(double[] shift, double[] divisor, double bound) implements SparseStep {
        @Override
        public int columnsIn() {
            return shift.length;
        }

        @Override
        public int columnsOut() {
            return shift.length;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public Data apply(Sparse rows) throws BadInput {
            return scaled(this, rows);
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = new double[rows.values().length];
            for (int i = 0, column = 0; i < out.length; i++) {
                double value = (rows.values()[i] - shift[column]) / divisor[column];
                out[i] = value < -bound ? -bound : value > bound ? bound : value;
                column = column + 1 == shift.length ? 0 : column + 1;
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }
    }

    /** What is not zero, where nothing is taken away that would make zeros something. */
    private static Data scaled(Standard scaler, Sparse rows) throws BadInput {
        for (double shift : scaler.shift()) {
            if (shift != 0) {
                return scaler.apply(rows.dense());
            }
        }
        var out = rows.values().clone();
        for (int i = 0; i < out.length; i++) {
            double value = out[i] / scaler.divisor()[rows.positions()[i]];
            out[i] = Math.clamp(value, -scaler.bound(), scaler.bound());
        }
        return rows.with(out);
    }

    /** x * factor + constant within bounds, a column at a time. */
    record Ranged(double[] factor, double[] constant, double least, double most)
            implements NumericStep {
        @Override
        public int columnsIn() {
            return factor.length;
        }

        @Override
        public int columnsOut() {
            return factor.length;
        }

        @Override
        public Accepts accepts() {
            return Accepts.FINITE_OR_NAN;
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = new double[rows.values().length];
            for (int i = 0, column = 0; i < out.length; i++) {
                double value = rows.values()[i] * factor[column] + constant[column];
                out[i] = value < least ? least : value > most ? most : value;
                column = column + 1 == factor.length ? 0 : column + 1;
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }
    }

    /** Rows of length one. */
    record Unit(int columnsIn, Norm norm) implements SparseStep {
        @Override
        public int columnsOut() {
            return columnsIn;
        }

        @Override
        public Matrix apply(Matrix rows) {
            var out = rows.values().clone();
            for (int from = 0; from < out.length; from += columnsIn) {
                double length = norm.of(out, from, from + columnsIn);
                for (int i = from; length != 0 && i < from + columnsIn; i++) {
                    out[i] /= length;
                }
            }
            return new Matrix(rows.rows(), rows.columns(), out);
        }

        @Override
        public Sparse apply(Sparse rows) {
            var out = rows.values().clone();
            norm.unitRows(rows.starts(), out);
            return rows.with(out);
        }
    }

    enum Norm {
        L1,
        L2,
        MAX;

        double of(double[] values, int from, int to) {
            double length = 0;
            for (int i = from; i < to; i++) {
                double size = Math.abs(values[i]);
                length =
                        switch (this) {
                            case L1 -> length + size;
                            case L2 -> length + size * size;
                            case MAX -> Math.max(length, size);
                        };
            }
            return this == L2 ? Math.sqrt(length) : length;
        }

        /** Brings each of these stretches to length one. */
        void unitRows(int[] starts, double[] values) {
            for (int row = 0; row + 1 < starts.length; row++) {
                double length = of(values, starts[row], starts[row + 1]);
                for (int i = starts[row]; length != 0 && i < starts[row + 1]; i++) {
                    values[i] /= length;
                }
            }
        }
    }

    static Estimator standard(State state) throws LoadFailure {
        var mean = optional(state, "mean_", state.flag("with_mean", true));
        var scale = optional(state, "scale_", state.flag("with_std", true));
        return columnwise(state, mean, scale, Double.POSITIVE_INFINITY);
    }

    static Estimator maxAbs(State state) throws LoadFailure {
        double bound = state.flag("clip", false) ? 1 : Double.POSITIVE_INFINITY;
        return columnwise(state, Optional.empty(), optional(state, "scale_", true), bound);
    }

    static Estimator robust(State state) throws LoadFailure {
        var centre = optional(state, "center_", state.flag("with_centering", true));
        var scale = optional(state, "scale_", state.flag("with_scaling", true));
        return columnwise(state, centre, scale, Double.POSITIVE_INFINITY);
    }

    static Estimator minMax(State state) throws LoadFailure {
        var factor = state.vector("scale_");
        var constant = state.vector("min_", factor.length);
        if (!state.flag("clip", false)) {
            return new Transformer(
                    new Ranged(
                            factor, constant, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        }
        var range = state.items("feature_range");
        if (range.size() != 2) {
            throw state.failure("feature_range must be a pair");
        }
        return new Transformer(
                new Ranged(
                        factor,
                        constant,
                        state.number(range.get(0), "feature_range"),
                        state.number(range.get(1), "feature_range")));
    }

    static Estimator normalizer(State state) throws LoadFailure {
        return new Transformer(new Unit(state.size("n_features_in_"), norm(state)));
    }

    static Norm norm(State state) throws LoadFailure {
        return switch (state.text("norm").orElse("l2")) {
            case "l1" -> Norm.L1;
            case "l2" -> Norm.L2;
            case "max" -> Norm.MAX;
            case String other -> throw state.unsupported("the norm " + other);
        };
    }

    private static Optional<double[]> optional(State state, String name, boolean used)
            throws LoadFailure {
        return used && state.has(name) ? Optional.of(state.vector(name)) : Optional.empty();
    }

    private static Transformer columnwise(
            State state, Optional<double[]> shift, Optional<double[]> divisor, double bound)
            throws LoadFailure {
        int columns =
                shift.or(() -> divisor).isPresent()
                        ? shift.or(() -> divisor).orElseThrow().length
                        : state.size("n_features_in_");
        return new Transformer(
                new Standard(of(state, shift, columns, 0), of(state, divisor, columns, 1), bound));
    }

    private static double[] of(State state, Optional<double[]> given, int columns, double otherwise)
            throws LoadFailure {
        if (given.isEmpty()) {
            state.charge(columns);
            var all = new double[columns];
            Arrays.fill(all, otherwise);
            return all;
        }
        if (given.get().length != columns) {
            throw state.failure(
                    "holds %d numbers for %d columns".formatted(given.get().length, columns));
        }
        return given.get();
    }
}
