package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.EnumMap;
import java.util.Map;

/** Kernel ridge regression and Gaussian processes: sums of likenesses with the fitted rows. */
final class KernelModels {
    private static final int DEGREE = 3;

    /** The library's five error functions, which together are nearly logistic. */
    private static final double[] WIDTHS = {0.41, 0.4, 0.37, 0.44, 0.39};

    private static final double[] SHARES = {
        -1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654
    };

    private KernelModels() {}

    /** Weighted likenesses, a sum for each target. */
    private record Sums(Kernel kernel, Matrix fitted, double[] weights, int targets) {
        static Sums of(State state, Kernel kernel, Matrix fitted, String weights)
                throws LoadFailure {
            int targets = state.rank(weights) < 2 ? 1 : state.matrix(weights).columns();
            var values = state.vector(weights, Math.multiplyExact(fitted.rows(), targets));
            return new Sums(kernel, fitted, values, targets);
        }

        void sum(double[] in, int from, double[] out, int to) {
            int n = fitted.columns();
            for (int row = 0; row < fitted.rows(); row++) {
                double like = kernel.of(in, from, fitted.values(), row * n, n);
                for (int k = 0; k < targets; k++) {
                    out[to + k] += like * weights[row * targets + k];
                }
            }
        }

        Step step() {
            return new RowStep(fitted.columns(), targets, this::sum);
        }
    }

    static Estimator ridge(State state) throws LoadFailure {
        var fitted = CompressedRows.matrix(state, "X_fit_");
        double gamma = state.has("gamma") ? state.number("gamma") : 1.0 / fitted.columns();
        var kernel =
                Kernel.named(
                        state,
                        state.text("kernel").orElse(""),
                        gamma,
                        state.has("coef0") ? state.number("coef0") : 1,
                        state.has("degree") ? state.number("degree") : DEGREE);
        var sums = Sums.of(state, kernel, fitted, "dual_coef_");
        return new Regressor(sums.step(), state.rank("dual_coef_") < 2);
    }

    static Estimator process(State state) throws LoadFailure {
        var fitted = state.matrix("X_train_");
        var kernel = GaussianKernels.read(state, fitted.columns()).between();
        var sums = Sums.of(state, kernel, fitted, "alpha_");
        int targets = sums.targets();
        var scale = each(state, "_y_train_std", targets, 1);
        var mean = each(state, "_y_train_mean", targets, 0);
        return new Regressor(
                Then.rowwise(
                        sums.step(),
                        targets,
                        (in, from, out, to) -> {
                            for (int k = 0; k < targets; k++) {
                                out[to + k] = scale[k] * in[from + k] + mean[k];
                            }
                        }),
                targets == 1);
    }

    private static double[] each(State state, String name, int targets, double otherwise)
            throws LoadFailure {
        var numbers = state.has(name) ? state.vector(name) : new double[] {otherwise};
        if (numbers.length != 1 && numbers.length != targets) {
            throw state.failure("%s is not of one number a target".formatted(name));
        }
        var all = new double[targets];
        for (int k = 0; k < targets; k++) {
            all[k] = numbers[numbers.length == 1 ? 0 : k];
        }
        return all;
    }

    /** Of more than two classes it is one process a class, or a pair. */
    static Estimator processClassifier(State state) throws LoadFailure {
        var base = state.estimator(state.needed("base_estimator_"));
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, Parts.way(state, base, Method.PREDICT));
        base.way(Method.PREDICT_PROBA).ifPresent(way -> ways.put(Method.PREDICT_PROBA, way));
        return ByMethod.of(Parts.only(state, base), ways);
    }

    static Estimator twoClassProcess(State state) throws LoadFailure {
        var classes = state.classes();
        if (classes.count() != 2) {
            throw state.failure("classes_ must hold two classes");
        }
        var fitted = state.matrix("X_train_");
        var kernel = GaussianKernels.read(state, fitted.columns());
        var weights = state.vector("y_train_", fitted.rows());
        var shares = state.vector("pi_", fitted.rows());
        for (int i = 0; i < weights.length; i++) {
            weights[i] -= shares[i];
        }
        var sums = new Sums(kernel.between(), fitted, weights, 1);
        var latent = new Latent(sums, kernel.itself(), triangle(state), roots(state));
        return ByMethod.of(
                classes,
                Map.of(
                        Method.PREDICT,
                        Then.choosing(sums.step(), Choice.ABOVE_ZERO),
                        Method.PREDICT_PROBA,
                        new RowStep(fitted.columns(), 2, latent::shares)));
    }

    private static double[] roots(State state) throws LoadFailure {
        return state.vector("W_sr_", state.matrix("X_train_").rows());
    }

    private static double[] triangle(State state) throws LoadFailure {
        int n = state.matrix("X_train_").rows();
        var triangle = state.vector("L_", Math.multiplyExact(n, n));
        for (int i = 0; i < n; i++) {
            if (triangle[i * n + i] == 0) {
                throw state.failure("L_ has a zero on its diagonal");
            }
        }
        return triangle;
    }

    /** What lies behind a class's probability: a number with a spread. */
    private record Latent(Sums sums, Kernel itself, double[] triangle, double[] roots) {
        void shares(double[] in, int from, double[] out, int to) {
            var fitted = sums.fitted();
            int n = fitted.columns();
            int rows = fitted.rows();
            var solved = new double[rows];
            double mean = 0;
            double spread = itself.of(in, from, in, from, n);
            for (int i = 0; i < rows; i++) {
                double like = sums.kernel().of(in, from, fitted.values(), i * n, n);
                mean += like * sums.weights()[i];
                double rest = roots[i] * like;
                for (int j = 0; j < i; j++) {
                    rest -= triangle[i * rows + j] * solved[j];
                }
                solved[i] = rest / triangle[i * rows + i];
                spread -= solved[i] * solved[i];
            }
            out[to + 1] = share(mean, spread);
            out[to] = 1 - out[to + 1];
        }

        private static double share(double mean, double spread) {
            double alpha = 1 / (2 * spread);
            double sum = 0;
            double all = 0;
            for (int k = 0; k < WIDTHS.length; k++) {
                double gamma = WIDTHS[k] * mean;
                double integral =
                        Math.sqrt(Math.PI / alpha)
                                * Erf.of(gamma * Math.sqrt(alpha / (alpha + WIDTHS[k] * WIDTHS[k])))
                                / (2 * Math.sqrt(spread * 2 * Math.PI));
                sum += SHARES[k] * integral;
                all += SHARES[k];
            }
            return sum + 0.5 * all;
        }
    }
}
