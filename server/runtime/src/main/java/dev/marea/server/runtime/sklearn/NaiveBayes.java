package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;

/** Naive Bayes: the classes' log probabilities, of which softmax makes shares. */
final class NaiveBayes {
    private NaiveBayes() {}

    private static Estimator classifier(Step logs, Classes classes) {
        return new Classifier(logs, classes, Choice.HIGHEST, Link.SOFTMAX, false);
    }

    static Estimator gaussian(State state) throws LoadFailure {
        var classes = state.classes();
        var means = table(state, "theta_", classes);
        var variances = table(state, state.has("var_") ? "var_" : "sigma_", classes);
        int n = means.columns();
        if (variances.columns() != n) {
            throw state.failure("var_ is not as wide as theta_");
        }
        var start = logs(state.vector("class_prior_", classes.count()));
        for (int k = 0; k < start.length; k++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += Math.log(2 * Math.PI * variances.at(k, j));
            }
            start[k] -= 0.5 * sum;
        }
        var m = means.values();
        var v = variances.values();
        return classifier(
                new RowStep(
                        n,
                        start.length,
                        (in, from, out, to) -> {
                            for (int k = 0; k < start.length; k++) {
                                double sum = 0;
                                for (int j = 0; j < n; j++) {
                                    double apart = in[from + j] - m[k * n + j];
                                    sum += apart * apart / v[k * n + j];
                                }
                                out[to + k] = start[k] - 0.5 * sum;
                            }
                        }),
                classes);
    }

    static Estimator multinomial(State state) throws LoadFailure {
        var classes = state.classes();
        return classifier(
                new LinearMap(
                        table(state, "feature_log_prob_", classes),
                        state.vector("class_log_prior_", classes.count())),
                classes);
    }

    static Estimator complement(State state) throws LoadFailure {
        var classes = state.classes();
        var constants =
                classes.count() == 1
                        ? state.vector("class_log_prior_", 1)
                        : new double[classes.count()];
        return classifier(
                new LinearMap(table(state, "feature_log_prob_", classes), constants), classes);
    }

    static Estimator bernoulli(State state) throws LoadFailure {
        var classes = state.classes();
        var present = table(state, "feature_log_prob_", classes);
        int n = present.columns();
        var weights = present.values();
        var constants = state.vector("class_log_prior_", classes.count());
        for (int i = 0; i < weights.length; i++) {
            double absent = Math.log(1 - Math.exp(weights[i]));
            weights[i] -= absent;
            constants[i / n] += absent;
        }
        if (!state.has("binarize")) {
            return classifier(new LinearMap(present, constants), classes);
        }
        double threshold = state.number("binarize");
        return classifier(new Bits(present, constants, threshold), classes);
    }

    /** Sums of the weights of the columns in which a row is above a threshold. */
    private record Bits(Matrix weights, double[] constants, double threshold)
            implements SparseStep {
        @Override
        public int columnsIn() {
            return weights.columns();
        }

        @Override
        public int columnsOut() {
            return constants.length;
        }

        @Override
        public Matrix apply(Matrix rows) {
            int n = columnsIn();
            var out = room(rows.rows());
            for (int i = 0; i < rows.values().length; i++) {
                if (rows.values()[i] > threshold) {
                    add(out, i / n, i % n);
                }
            }
            return new Matrix(rows.rows(), constants.length, out);
        }

        @Override
        public Data apply(Sparse rows) throws BadInput {
            if (threshold < 0) {
                return apply(rows.dense());
            }
            var out = room(rows.rows());
            for (int row = 0; row < rows.rows(); row++) {
                for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
                    if (rows.values()[i] > threshold) {
                        add(out, row, rows.positions()[i]);
                    }
                }
            }
            return new Matrix(rows.rows(), constants.length, out);
        }

        private double[] room(int rows) {
            int count = constants.length;
            var out = new double[Math.multiplyExact(rows, count)];
            for (int i = 0; i < out.length; i++) {
                out[i] = constants[i % count];
            }
            return out;
        }

        private void add(double[] out, int row, int column) {
            int count = constants.length;
            for (int k = 0; k < count; k++) {
                out[row * count + k] += weights.at(k, column);
            }
        }
    }

    static Estimator categorical(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        var items = state.items("feature_log_prob_");
        var tables = new Matrix[items.size()];
        for (int j = 0; j < tables.length; j++) {
            tables[j] = state.table(items.get(j), "feature_log_prob_");
            if (tables[j].rows() != count) {
                throw state.failure("feature_log_prob_ has a table that is not of one row a class");
            }
        }
        var start = state.vector("class_log_prior_", count);
        return classifier(
                new RowStep(
                        tables.length,
                        count,
                        (in, from, out, to) -> {
                            for (int j = 0; j < tables.length; j++) {
                                int category = category(in[from + j], j, tables[j].columns());
                                for (int k = 0; k < count; k++) {
                                    out[to + k] += tables[j].at(k, category);
                                }
                            }
                            for (int k = 0; k < count; k++) {
                                out[to + k] += start[k];
                            }
                        }),
                classes);
    }

    private static int category(double value, int column, int count) throws BadInput {
        if (!(value > -1 && value < count)) {
            throw new BadInput(
                    Data.FIELD,
                    "must have a category from 0 to %d in column %d, has %s"
                            .formatted(count - 1, column, value));
        }
        return (int) value;
    }

    private static Matrix table(State state, String name, Classes classes) throws LoadFailure {
        var table = state.matrix(name);
        if (table.rows() != classes.count()) {
            throw state.failure(
                    "%s has %d rows for %d classes".formatted(name, table.rows(), classes.count()));
        }
        return table;
    }

    private static double[] logs(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.log(values[i]);
        }
        return values;
    }
}
