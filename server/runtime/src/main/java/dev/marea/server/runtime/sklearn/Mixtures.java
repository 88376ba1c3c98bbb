package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;

/** Mixtures of Gaussians: which one a row is likely of. */
final class Mixtures {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);
    private static final double ASYMPTOTIC_FROM = 10;

    private Mixtures() {}

    /** How a mixture's Gaussians spread: each by its own table, by one, by columns or evenly. */
    private sealed interface Spread {
        /** The squared length of what a row is apart from a mean, by the Gaussian's own measure. */
        double square(int component, double[] apart);

        /** The logarithm of the determinant of its measure. */
        double logVolume(int component);

        record Tables(double[] precisions, int columns, boolean shared) implements Spread {
            private int from(int component) {
                return shared ? 0 : component * columns * columns;
            }

            @Override
            public double square(int component, double[] apart) {
                int from = from(component);
                double square = 0;
                for (int k = 0; k < columns; k++) {
                    double along = 0;
                    for (int j = 0; j < columns; j++) {
                        along += apart[j] * precisions[from + j * columns + k];
                    }
                    square += along * along;
                }
                return square;
            }

            @Override
            public double logVolume(int component) {
                double sum = 0;
                for (int j = 0; j < columns; j++) {
                    sum += Math.log(precisions[from(component) + j * columns + j]);
                }
                return sum;
            }
        }

        record Columns(double[] precisions, int columns) implements Spread {
            @Override
            public double square(int component, double[] apart) {
                double square = 0;
                for (int j = 0; j < columns; j++) {
                    double along = apart[j] * precisions[component * columns + j];
                    square += along * along;
                }
                return square;
            }

            @Override
            public double logVolume(int component) {
                double sum = 0;
                for (int j = 0; j < columns; j++) {
                    sum += Math.log(precisions[component * columns + j]);
                }
                return sum;
            }
        }
    }

    static Estimator gaussian(State state) throws LoadFailure {
        int count = state.matrix("means_").rows();
        var logs = state.vector("weights_", count);
        for (int k = 0; k < count; k++) {
            logs[k] = Math.log(logs[k]);
        }
        return mixture(state, logs);
    }

    static Estimator bayesian(State state) throws LoadFailure {
        var means = state.matrix("means_");
        int count = means.rows();
        int columns = means.columns();
        var logs = logWeights(state, count);
        var freedom = state.vector("degrees_of_freedom_", count);
        var precision = state.vector("mean_precision_", count);
        for (int k = 0; k < count; k++) {
            double lambda = columns * Math.log(2);
            for (int j = 0; j < columns; j++) {
                lambda += digamma(0.5 * (freedom[k] - j));
            }
            logs[k] +=
                    -0.5 * columns * Math.log(freedom[k]) + 0.5 * (lambda - columns / precision[k]);
        }
        return mixture(state, logs);
    }

    private static Estimator mixture(State state, double[] logs) throws LoadFailure {
        var means = state.matrix("means_");
        int count = means.rows();
        int columns = means.columns();
        var spread = spread(state, count, columns);
        var start = new double[count];
        for (int k = 0; k < count; k++) {
            start[k] = logs[k] - 0.5 * columns * LOG_TWO_PI + spread.logVolume(k);
        }
        var step =
                new RowStep(
                        columns,
                        count,
                        (in, from, out, to) -> {
                            var apart = new double[columns];
                            for (int k = 0; k < count; k++) {
                                for (int j = 0; j < columns; j++) {
                                    apart[j] = in[from + j] - means.at(k, j);
                                }
                                out[to + k] = start[k] - 0.5 * spread.square(k, apart);
                            }
                        });
        return new Classifier(step, Classes.numbered(count), Choice.HIGHEST, Link.SOFTMAX, false);
    }

    private static Spread spread(State state, int count, int columns) throws LoadFailure {
        var name = "precisions_cholesky_";
        return switch (state.text("covariance_type").orElse("")) {
            case "full" ->
                    new Spread.Tables(
                            state.vector(name, Math.multiplyExact(count, columns * columns)),
                            columns,
                            false);
            case "tied" -> new Spread.Tables(state.vector(name, columns * columns), columns, true);
            case "diag" -> new Spread.Columns(state.vector(name, count * columns), columns);
            case "spherical" -> {
                var each = state.vector(name, count);
                state.charge((long) count * columns);
                var all = new double[count * columns];
                for (int i = 0; i < all.length; i++) {
                    all[i] = each[i / columns];
                }
                yield new Spread.Columns(all, columns);
            }
            default -> throw state.failure("covariance_type is unknown");
        };
    }

    private static double[] logWeights(State state, int count) throws LoadFailure {
        var logs = new double[count];
        if (!state.text("weight_concentration_prior_type").orElse("").equals("dirichlet_process")) {
            var concentration = state.vector("weight_concentration_", count);
            double sum = 0;
            for (double one : concentration) {
                sum += one;
            }
            for (int k = 0; k < count; k++) {
                logs[k] = digamma(concentration[k]) - digamma(sum);
            }
            return logs;
        }
        var pair = state.items("weight_concentration_");
        if (pair.size() != 2) {
            throw state.failure("weight_concentration_ must be two arrays");
        }
        var a = state.numbers(pair.get(0), "weight_concentration_");
        var b = state.numbers(pair.get(1), "weight_concentration_");
        if (a.length != count || b.length != count) {
            throw state.failure("weight_concentration_ is not of one number a component");
        }
        double before = 0;
        for (int k = 0; k < count; k++) {
            double sum = digamma(a[k] + b[k]);
            logs[k] = digamma(a[k]) - sum + before;
            before += digamma(b[k]) - sum;
        }
        return logs;
    }

    /** Of a positive number: moved up to where its series is exact. */
    private static double digamma(double value) {
        double x = value;
        double sum = 0;
        while (x < ASYMPTOTIC_FROM && x > 0) {
            sum -= 1 / x;
            x++;
        }
        double s = 1 / (x * x);
        double series =
                s
                        * (1.0 / 12
                                - s
                                        * (1.0 / 120
                                                - s
                                                        * (1.0 / 252
                                                                - s
                                                                        * (1.0 / 240
                                                                                - s
                                                                                        * (1.0 / 132
                                                                                                - s
                                                                                                        * (691.0
                                                                                                                        / 32760
                                                                                                                - s
                                                                                                                        / 12))))));
        return sum + Math.log(x) - 0.5 / x - series;
    }
}
