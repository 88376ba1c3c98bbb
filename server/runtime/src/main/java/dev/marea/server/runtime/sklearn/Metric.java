package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;

/** How far apart two rows are. */
@FunctionalInterface
interface Metric extends Kept.Comparison {

    /** The metric that a model of neighbours found to be meant. */
    static Metric effective(State state) throws LoadFailure {
        var parameters = state.dict("effective_metric_params_");
        if (parameters.flatMap(p -> p.get("w")).filter(w -> w != PyValue.None.NONE).isPresent()) {
            throw state.unsupported("a weighted metric");
        }
        var power = parameters.flatMap(p -> p.get("p"));
        double p = power.isPresent() ? state.number(power.get(), "p") : 2;
        return named(state, state.text("effective_metric_").orElse(""), p);
    }

    static Metric named(State state, String name, double power) throws LoadFailure {
        return switch (name) {
            case "euclidean", "l2" -> Metric::euclidean;
            case "sqeuclidean" -> Kernel::squares;
            case "manhattan", "cityblock", "l1" -> Kernel::steps;
            case "chebyshev", "infinity" -> Metric::chebyshev;
            case "minkowski", "p" -> minkowski(power);
            case "cosine" -> Metric::cosine;
            default ->
                    throw state.unsupported(
                            name.isEmpty() ? "a metric of your own" : "the metric " + name);
        };
    }

    /** The metrics that sparse rows are good at. */
    static Kept.ByProduct ofProducts(State state) throws LoadFailure {
        return switch (state.text("effective_metric_").orElse("")) {
            case "euclidean", "l2" ->
                    (product, a, b) -> Math.sqrt(Math.max(0, a + b - 2 * product));
            case "sqeuclidean" -> (product, a, b) -> Math.max(0, a + b - 2 * product);
            case "cosine" ->
                    (product, a, b) ->
                            a == 0 || b == 0
                                    ? 1
                                    : Math.clamp(
                                            1 - product / (Math.sqrt(a) * Math.sqrt(b)), 0.0, 2.0);
            default ->
                    throw state.unsupported(
                            "the metric %s of sparse rows"
                                    .formatted(
                                            state.text("effective_metric_").orElse("of your own")));
        };
    }

    private static Metric minkowski(double power) {
        if (power == 1) {
            return Kernel::steps;
        }
        if (power == 2) {
            return Metric::euclidean;
        }
        if (Double.isInfinite(power)) {
            return Metric::chebyshev;
        }
        return (a, i, b, j, n) -> {
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += Math.pow(Math.abs(a[i + k] - b[j + k]), power);
            }
            return Math.pow(sum, 1 / power);
        };
    }

    static double euclidean(double[] a, int fromA, double[] b, int fromB, int columns) {
        return Math.sqrt(Kernel.squares(a, fromA, b, fromB, columns));
    }

    private static double chebyshev(double[] a, int fromA, double[] b, int fromB, int columns) {
        double most = 0;
        for (int k = 0; k < columns; k++) {
            most = Math.max(most, Math.abs(a[fromA + k] - b[fromB + k]));
        }
        return most;
    }

    private static double cosine(double[] a, int fromA, double[] b, int fromB, int columns) {
        double like =
                Kernel.dot(a, fromA, b, fromB, columns)
                        / (Kernel.norm(a, fromA, columns) * Kernel.norm(b, fromB, columns));
        return Math.clamp(1 - like, 0.0, 2.0);
    }
}
