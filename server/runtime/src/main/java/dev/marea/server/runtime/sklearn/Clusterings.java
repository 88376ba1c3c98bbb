package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Clusters that are known by centres, though not by k-means alone. */
final class Clusterings {
    private static final int DEPTH_MAX = 200;

    private Clusterings() {}

    private static Clusters.Distances centres(State state, String name) throws LoadFailure {
        var centres = state.matrix(name);
        if (centres.rows() < 1) {
            throw state.unsupported("a clustering without centres (it did not converge)");
        }
        return new Clusters.Distances(centres);
    }

    static Estimator nearest(State state) throws LoadFailure {
        var distances = centres(state, "cluster_centers_");
        return ByMethod.of(
                Classes.numbered(distances.columnsOut()),
                Map.of(Method.PREDICT, Then.nearest(distances)));
    }

    /** Small clusters that were joined to larger ones afterwards. */
    static Estimator birch(State state) throws LoadFailure {
        var distances = centres(state, "subcluster_centers_");
        var labels = state.classes(state.array("subcluster_labels_"), "subcluster_labels_");
        if (labels.count() != distances.columnsOut()) {
            throw state.failure("subcluster_labels_ is not of one label a centre");
        }
        return ByMethod.of(
                labels,
                Map.of(Method.PREDICT, Then.nearest(distances), Method.TRANSFORM, distances));
    }

    /** Centres that were split in two, again and again; a row goes down the tree of splits. */
    static Estimator bisecting(State state) throws LoadFailure {
        var distances = centres(state, "cluster_centers_");
        int columns = distances.columnsIn();
        var mean = state.has("_X_mean") ? state.vector("_X_mean", columns) : new double[columns];
        var splits = new Splits(state, mean, distances.columnsOut());
        int root = splits.add(state.part("_bisecting_tree"), 0);
        var tree = splits.tree(root);
        return ByMethod.of(
                Classes.numbered(distances.columnsOut()),
                Map.of(
                        Method.PREDICT,
                        new RowStep(
                                columns, 1, (in, from, out, to) -> out[to] = tree.label(in, from)),
                        Method.TRANSFORM,
                        distances));
    }

    /**
     * @param left the first of two children, or -1 in a leaf
     * @param label of a leaf
     */
    private record Tree(int root, int[] left, int[] right, int[] label, double[][] centre) {
        int label(double[] in, int from) {
            int node = root;
            while (left[node] >= 0) {
                double toLeft = apart(in, from, left[node]);
                double toRight = apart(in, from, right[node]);
                node = toRight < toLeft ? right[node] : left[node];
            }
            return label[node];
        }

        private double apart(double[] in, int from, int node) {
            return Kernel.squares(in, from, centre[node], 0, centre[node].length);
        }
    }

    /** The nodes so far; children come before their parent. */
    private static final class Splits {
        private final State state;
        private final double[] mean;
        private final int labels;
        private final List<Integer> left = new ArrayList<>();
        private final List<Integer> right = new ArrayList<>();
        private final List<Integer> label = new ArrayList<>();
        private final List<double[]> centre = new ArrayList<>();

        Splits(State state, double[] mean, int labels) {
            this.state = state;
            this.mean = mean;
            this.labels = labels;
        }

        int add(State node, int depth) throws LoadFailure {
            if (depth > DEPTH_MAX || left.size() > 2 * labels) {
                throw state.failure("_bisecting_tree has more splits than clusters");
            }
            var place = node.vector("center", mean.length);
            for (int j = 0; j < mean.length; j++) {
                place[j] += mean[j];
            }
            boolean leaf = !node.has("left");
            int first = leaf ? -1 : add(node.part("left"), depth + 1);
            int second = leaf ? -1 : add(node.part("right"), depth + 1);
            int cluster = leaf ? node.size("label") : 0;
            if (cluster >= labels) {
                throw state.failure("_bisecting_tree has the label " + cluster);
            }
            left.add(first);
            right.add(second);
            label.add(cluster);
            centre.add(place);
            return left.size() - 1;
        }

        Tree tree(int root) {
            return new Tree(
                    root,
                    left.stream().mapToInt(Integer::intValue).toArray(),
                    right.stream().mapToInt(Integer::intValue).toArray(),
                    label.stream().mapToInt(Integer::intValue).toArray(),
                    centre.toArray(double[][]::new));
        }
    }
}
