package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How much each column counts in a fitted estimator: its weights, or what splits by it gained. */
final class Importances {
    private static final double CLOSE = 1e-5;

    private Importances() {}

    static double[] of(State selector, State estimator) throws LoadFailure {
        if (estimator.has("coef_")) {
            return weights(selector, CompressedRows.matrix(estimator, "coef_"));
        }
        if (estimator.has("tree_")) {
            return shares(gains(estimator, TreeModels.columns(estimator), true));
        }
        if (estimator.has("estimators_")) {
            return ensemble(estimator);
        }
        throw selector.unsupported("choosing by the importances of " + estimator.type());
    }

    /** Of several rows of weights the length of each column. */
    private static double[] weights(State selector, Matrix weights) throws LoadFailure {
        double order = selector.has("norm_order") ? selector.number("norm_order") : 1;
        var lengths = new double[weights.columns()];
        for (int column = 0; column < lengths.length; column++) {
            lengths[column] = length(weights, column, order);
        }
        return lengths;
    }

    private static double length(Matrix weights, int column, double order) {
        double sum = 0;
        double most = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < weights.rows(); row++) {
            double size = Math.abs(weights.at(row, column));
            sum += Math.pow(size, order);
            most = Math.max(most, size);
            least = Math.min(least, size);
        }
        if (weights.rows() == 1) {
            return most;
        }
        return Double.isInfinite(order) ? order > 0 ? most : least : Math.pow(sum, 1 / order);
    }

    private static double[] ensemble(State forest) throws LoadFailure {
        int columns = TreeModels.columns(forest);
        boolean boosted = forest.type().startsWith("GradientBoosting");
        if (!boosted && !forest.type().matches("(RandomForest|ExtraTrees)\\w+")) {
            throw forest.unsupported("choosing by the importances of " + forest.type());
        }
        List<double[]> all = new ArrayList<>();
        for (var tree : forest.items("estimators_")) {
            var state = forest.needPart(tree, "a tree");
            if (state.part("tree_").array("nodes").count() > 1) {
                all.add(gains(state, columns, !boosted));
            }
        }
        var mean = new double[columns];
        for (var gains : all) {
            for (int i = 0; i < columns; i++) {
                mean[i] += gains[i];
            }
        }
        for (int i = 0; i < columns && !all.isEmpty(); i++) {
            mean[i] /= all.size();
        }
        return shares(mean);
    }

    /** What each column's splits took away of a tree's impurity. */
    private static double[] gains(State estimator, int columns, boolean normal) throws LoadFailure {
        var tree = estimator.part("tree_");
        var left = tree.column("nodes", "left_child");
        var right = tree.column("nodes", "right_child");
        var feature = tree.column("nodes", "feature");
        var impurity = tree.column("nodes", "impurity");
        var weight = tree.column("nodes", "weighted_n_node_samples");
        estimator.charge(columns);
        var gains = new double[columns];
        for (int node = 0; node < left.length; node++) {
            if (left[node] >= 0) {
                int l = child(tree, left[node], left.length);
                int r = child(tree, right[node], left.length);
                int column = child(tree, feature[node], columns);
                gains[column] +=
                        weight[node] * impurity[node]
                                - weight[l] * impurity[l]
                                - weight[r] * impurity[r];
            }
        }
        for (int i = 0; i < columns && weight.length > 0; i++) {
            gains[i] /= weight[0];
        }
        return normal ? shares(gains) : gains;
    }

    private static int child(State tree, double value, int below) throws LoadFailure {
        if (!(value >= 0 && value < below)) {
            throw tree.failure("a node points to %s of %d".formatted(value, below));
        }
        return (int) value;
    }

    private static double[] shares(double[] gains) {
        double sum = Arrays.stream(gains).sum();
        return sum > 0 ? Arrays.stream(gains).map(gain -> gain / sum).toArray() : gains;
    }

    /** Estimators that make weights exactly zero, so that any other counts. */
    static boolean leavesZeros(State estimator) {
        if (estimator.type().contains("Lasso")
                || estimator.text("penalty").orElse("").equals("l1")) {
            return true;
        }
        return switch (estimator.type()) {
            case "ElasticNet", "LogisticRegression" -> isOne(estimator, "l1_ratio");
            case "ElasticNetCV", "LogisticRegressionCV" -> isOne(estimator, "l1_ratio_");
            default -> false;
        };
    }

    private static boolean isOne(State estimator, String name) {
        try {
            return estimator.has(name)
                    && Arrays.stream(estimator.vector(name))
                            .allMatch(x -> Math.abs(x - 1) <= CLOSE);
        } catch (LoadFailure noNumber) {
            return false;
        }
    }
}
