package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** Outlier detectors but the one-class machine. */
final class Novelty {
    private static final double EULER = 0.5772156649015329;

    private Novelty() {}

    /** A one-class machine without a kernel. */
    static Estimator linear(State state) throws LoadFailure {
        var weights = state.matrix("coef_");
        var offset = state.vector("offset_", 1);
        if (weights.rows() != 1) {
            throw state.failure("coef_ must be one row");
        }
        return Outliers.above(new LinearMap(weights, new double[] {-offset[0]}), Choice.FROM_ZERO);
    }

    static Estimator ellipse(State state) throws LoadFailure {
        var centre = state.vector("location_");
        int n = centre.length;
        if (!state.has("precision_")) {
            throw state.unsupported("a covariance without store_precision");
        }
        var precision = state.vector("precision_", Math.multiplyExact(n, n));
        double offset = state.number("offset_");
        return Outliers.above(
                new RowStep(
                        n,
                        1,
                        (in, from, out, to) -> {
                            double distance = 0;
                            for (int i = 0; i < n; i++) {
                                double sum = 0;
                                for (int j = 0; j < n; j++) {
                                    sum += precision[i * n + j] * (in[from + j] - centre[j]);
                                }
                                distance += (in[from + i] - centre[i]) * sum;
                            }
                            out[to] = -distance - offset;
                        }),
                Choice.FROM_ZERO);
    }

    static Estimator localFactor(State state) throws LoadFailure {
        if (!state.flag("novelty", false)) {
            throw state.unsupported(
                    "a local outlier factor without novelty=True, which predicts nothing,");
        }
        var neighbours = Neighbours.read(state);
        int rows = neighbours.fitted().rows();
        int count = state.size("n_neighbors_");
        var distances = state.matrix("_distances_fit_X_");
        if (count < 1 || count > rows || distances.rows() != rows || distances.columns() < count) {
            throw state.failure(
                    "_distances_fit_X_ is %d x %d for %d neighbours of %d rows"
                            .formatted(distances.rows(), distances.columns(), count, rows));
        }
        var density = state.vector("_lrd", rows);
        double offset = state.number("offset_");
        return Outliers.above(
                new RowStep(
                        neighbours.columns(),
                        1,
                        (in, from, out, to) -> {
                            var found = neighbours.nearest(in, from, count);
                            double reach = 0;
                            double around = 0;
                            for (int i = 0; i < count; i++) {
                                int place = found.places()[i];
                                reach +=
                                        Math.max(
                                                found.distances()[i],
                                                distances.at(place, count - 1));
                                around += density[place];
                            }
                            double own = 1 / (reach / count + 1e-10);
                            out[to] = -around / count / own - offset;
                        }),
                Choice.FROM_ZERO);
    }

    static Estimator isolation(State state) throws LoadFailure {
        int columns = state.size("n_features_in_");
        var estimators = state.items("estimators_");
        if (estimators.isEmpty()) {
            throw state.failure("estimators_ is empty");
        }
        var trees = new TreeReader(columns, 1, false).read(estimators, state);
        FeatureSubsets.read(state, columns).rename(trees);
        depths(state, trees);
        double samples = state.number(state.has("_max_samples") ? "_max_samples" : "max_samples_");
        double by = trees.count() * pathLength(samples);
        double offset = state.number("offset_");
        boolean missing = trees.knowsMissing() && !state.savedBefore(1, 6);
        return Outliers.above(
                new RowStep(
                        columns,
                        1,
                        missing ? Accepts.FLOAT_OR_NAN : Accepts.FLOAT,
                        (in, from, out, to) -> {
                            double sum = 0;
                            var keys = Trees.keys(in, from, columns);
                            for (int tree = 0; tree < trees.count(); tree++) {
                                sum += trees.values()[trees.leaf(tree, keys, 0)];
                            }
                            out[to] = -Math.pow(2, by == 0 ? -1 : -sum / by) - offset;
                        }),
                Choice.FROM_ZERO);
    }

    /** A leaf answers how deep it lies, and how deep its rows would lie if they were split on. */
    private static void depths(State state, Trees trees) throws LoadFailure {
        var estimators = state.items("estimators_");
        for (int tree = 0; tree < trees.count(); tree++) {
            var samples =
                    state.needPart(estimators.get(tree), "a tree")
                            .part("tree_")
                            .column("nodes", "n_node_samples");
            int root = trees.roots()[tree];
            var nodes = trees.nodes();
            var depth = new int[samples.length];
            for (int i = 0; i < samples.length; i++) {
                int node = root + Trees.NODE * i;
                if (trees.isLeaf(node)) {
                    trees.values()[nodes[node + Trees.LEFT]] = depth[i] + pathLength(samples[i]);
                } else {
                    depth[(nodes[node + Trees.LEFT] - root) / Trees.NODE] = depth[i] + 1;
                    depth[(nodes[node + Trees.RIGHT] - root) / Trees.NODE] = depth[i] + 1;
                }
            }
        }
    }

    /** How deep a row lies on the average among so many. */
    private static double pathLength(double rows) {
        if (rows <= 1) {
            return 0;
        }
        return rows == 2 ? 1 : 2 * (Math.log(rows - 1) + EULER) - 2 * (rows - 1) / rows;
    }
}
