package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the trees of an estimator into flat arrays, one tree at a time, and refuses any that could
 * mislead a walk.
 */
final class TreeReader {
    private static final String NODES = "nodes";
    private static final String MISSING_LEFT = "missing_go_to_left";
    private static final int NODE_NUMBERS = Trees.NODE;
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 8;

    /** One tree as the library keeps it; the numbers are whole except thresholds and values. */
    private record Source(
            State state,
            double[] left,
            double[] right,
            double[] feature,
            double[] threshold,
            double[] missing,
            double[] values) {
        int nodes() {
            return left.length;
        }

        boolean isLeaf(int node) {
            return left[node] < 0;
        }
    }

    private final int columns;
    private final int width;
    private final int outputs;
    private final boolean fractions;

    /**
     * @param columns of a row
     * @param width numbers a leaf answers with
     * @param fractions whether they are to sum to one: older versions kept counts
     */
    TreeReader(int columns, int width, boolean fractions) {
        this(columns, width, 1, fractions);
    }

    /**
     * @param outputs how many parts a leaf's numbers have, each of which sums to one
     */
    TreeReader(int columns, int width, int outputs, boolean fractions) {
        this.columns = columns;
        this.width = width;
        this.outputs = outputs;
        this.fractions = fractions;
    }

    /** Reads the trees of these estimators, each of which holds a {@code tree_}. */
    Trees read(List<PyValue> estimators, State parent) throws LoadFailure {
        var trees = new ArrayList<State>(estimators.size());
        for (var estimator : estimators) {
            trees.add(parent.needPart(estimator, "a tree").part("tree_"));
        }
        return joined(trees, parent);
    }

    Trees read(State tree) throws LoadFailure {
        return joined(List.of(tree.part("tree_")), tree);
    }

    private Trees joined(List<State> trees, State parent) throws LoadFailure {
        var joined = room(trees, parent);
        int base = 0;
        int leaf = 0;
        for (int t = 0; t < trees.size(); t++) {
            var source = source(trees.get(t), joined.knowsMissing());
            joined.roots()[t] = base;
            leaf = copy(source, joined, base, leaf);
            base += Trees.NODE * source.nodes();
        }
        return joined;
    }

    /** Each split has two children, so that the leaves of a tree are known by its nodes. */
    private Trees room(List<State> trees, State parent) throws LoadFailure {
        long nodes = 0;
        long leaves = 0;
        boolean missing = true;
        for (var tree : trees) {
            var array = tree.array(NODES);
            nodes += array.count();
            leaves += leaves(array.count());
            missing &= array.hasColumn(MISSING_LEFT);
        }
        if (nodes * Trees.NODE > ARRAY_MAX || leaves * width > ARRAY_MAX) {
            throw parent.unsupported("a forest of " + nodes + " nodes");
        }
        parent.charge(NODE_NUMBERS * nodes + leaves * width);
        return new Trees(
                new int[trees.size()],
                new int[(int) nodes * Trees.NODE],
                missing,
                width,
                new double[(int) leaves * width]);
    }

    private static int leaves(int nodes) {
        return nodes / 2 + nodes % 2;
    }

    private Source source(State tree, boolean missing) throws LoadFailure {
        var left = tree.column(NODES, "left_child");
        var values = tree.vector("values");
        if (left.length == 0 || values.length != (long) left.length * width) {
            throw tree.failure(
                    "%d values for %d nodes of %d outputs"
                            .formatted(values.length, left.length, width));
        }
        return new Source(
                tree,
                left,
                tree.column(NODES, "right_child"),
                tree.column(NODES, "feature"),
                tree.column(NODES, "threshold"),
                missing ? tree.column(NODES, MISSING_LEFT) : new double[0],
                values);
    }

    /** Answers how many leaves there are after this tree. */
    private int copy(Source source, Trees into, int base, int leavesBefore) throws LoadFailure {
        int leaf = leavesBefore;
        int leavesMax = leavesBefore + leaves(source.nodes());
        for (int node = 0; node < source.nodes(); node++) {
            if (!source.isLeaf(node)) {
                copySplit(source, node, into, base);
            } else if (leaf < leavesMax) {
                copyLeaf(source, node, into, base + Trees.NODE * node, leaf++);
            } else {
                throw source.state().failure("has more leaves than its splits have room for");
            }
        }
        return leaf;
    }

    private void copyLeaf(Source source, int node, Trees into, int at, int leaf) {
        into.putLeaf(at, leaf);
        int part = width / outputs;
        for (int from = 0; from < width; from += part) {
            copyPart(source, node * width + from, into, leaf * width + from, part);
        }
    }

    private void copyPart(Source source, int from, Trees into, int to, int part) {
        double sum = 0;
        for (int k = 0; k < part; k++) {
            sum += source.values()[from + k];
        }
        // Fractions are left as they are, to the last bit; only counts are divided.
        double by = fractions && sum != 0 && Math.abs(sum - 1) > 1e-9 ? sum : 1;
        for (int k = 0; k < part; k++) {
            into.values()[to + k] = source.values()[from + k] / by;
        }
    }

    private void copySplit(Source source, int node, Trees into, int base) throws LoadFailure {
        int at = base + Trees.NODE * node;
        into.putSplit(
                at,
                index(source, "feature", source.feature()[node], 0, columns),
                into.knowsMissing() && source.missing()[node] != 0,
                source.threshold()[node]);
        into.nodes()[at + Trees.LEFT] =
                base + Trees.NODE * child(source, source.left()[node], node);
        into.nodes()[at + Trees.RIGHT] =
                base + Trees.NODE * child(source, source.right()[node], node);
    }

    private static int child(Source source, double value, int parent) throws LoadFailure {
        return index(source, "the child of node " + parent, value, parent + 1, source.nodes());
    }

    private static int index(Source source, String what, double value, int from, int below)
            throws LoadFailure {
        if (!(value >= from && value < below)) {
            throw source.state()
                    .failure("%s is %s, not in %d..%d".formatted(what, value, from, below - 1));
        }
        return (int) value;
    }
}
