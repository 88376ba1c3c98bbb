package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.Arrays;

/** Histogram gradient boosting: trees whose leaves are added up to a constant start. */
final class HistBoosting {
    private HistBoosting() {}

    static Estimator classifier(State state) throws LoadFailure {
        var classes = state.classes();
        int width = state.size("n_trees_per_iteration_");
        if (width != (classes.count() <= 2 ? 1 : classes.count())) {
            throw state.failure(
                    "n_trees_per_iteration_ is %d for %d classes"
                            .formatted(width, classes.count()));
        }
        return new Classifier(
                sum(state, width, false),
                classes,
                Choice.ABOVE_ZERO,
                width == 1 ? Link.LOGISTIC : Link.SOFTMAX,
                true);
    }

    static Estimator regressor(State state) throws LoadFailure {
        boolean exponential =
                switch (state.text("loss").orElse("")) {
                    case "poisson", "gamma" -> true;
                    case "squared_error",
                            "least_squares",
                            "absolute_error",
                            "least_absolute_deviation",
                            "quantile" ->
                            false;
                    default -> throw state.unsupported("a loss of your own");
                };
        return new Regressor(sum(state, 1, exponential), true);
    }

    private static Step sum(State state, int width, boolean exponential) throws LoadFailure {
        int columns = state.size("n_features_in_");
        var baseline = state.vector("_baseline_prediction");
        var start = baseline.length == width ? baseline : new double[width];
        if (baseline.length == 1) {
            Arrays.fill(start, baseline[0]);
        } else if (baseline.length != width) {
            throw state.failure(
                    "_baseline_prediction holds %d numbers, not %d"
                            .formatted(baseline.length, width));
        }
        var trees = HistReader.read(state, columns, width);
        var sum =
                new RowStep(
                        columns,
                        width,
                        Accepts.ANYTHING,
                        (in, from, out, to) -> add(trees, start, exponential, in, from, out, to));
        return state.has("_preprocessor")
                ? HistCategories.before(state.part("_preprocessor"), columns, sum)
                : sum;
    }

    private static void add(
            HistTrees trees,
            double[] start,
            boolean exponential,
            double[] in,
            int from,
            double[] out,
            int to) {
        int width = start.length;
        if (width == 1) {
            double sum = start[0];
            for (int tree = 0; tree < trees.count(); tree++) {
                sum += trees.value(tree, in, from);
            }
            out[to] = exponential ? Math.exp(sum) : sum;
            return;
        }
        System.arraycopy(start, 0, out, to, width);
        for (int tree = 0; tree < trees.count(); ) {
            for (int k = 0; k < width; k++) {
                out[to + k] += trees.value(tree++, in, from);
            }
        }
    }
}
