package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.ArrayList;
import java.util.List;

/** Reads the trees of an estimator into flat arrays, and refuses any that could mislead a walk. */
final class TreeReader {
    /** One tree as the library keeps it. */
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
    private final boolean fractions;

    /**
     * @param width numbers a leaf answers with
     * @param fractions whether they are to sum to one: older versions kept counts
     */
    TreeReader(int columns, int width, boolean fractions) {
        this.columns = columns;
        this.width = width;
        this.fractions = fractions;
    }

    /** Reads the trees of these estimators, each of which holds a {@code tree_}. */
    Trees read(List<PyValue> estimators, State parent) throws LoadFailure {
        var sources = new ArrayList<Source>(estimators.size());
        for (var estimator : estimators) {
            sources.add(source(parent.needPart(estimator, "a tree").part("tree_")));
        }
        return joined(sources, parent);
    }

    Trees read(State tree) throws LoadFailure {
        return joined(List.of(source(tree.part("tree_"))), tree);
    }

    private Source source(State tree) throws LoadFailure {
        var left = tree.column("nodes", "left_child");
        var values = tree.vector("values");
        if (left.length == 0 || values.length != (long) left.length * width) {
            throw tree.failure(
                    "%d values for %d nodes of %d outputs"
                            .formatted(values.length, left.length, width));
        }
        return new Source(
                tree,
                left,
                tree.column("nodes", "right_child"),
                tree.column("nodes", "feature"),
                tree.column("nodes", "threshold"),
                tree.optionalColumn("nodes", "missing_go_to_left").orElse(new double[0]),
                values);
    }

    private Trees joined(List<Source> sources, State parent) throws LoadFailure {
        long nodes = sources.stream().mapToLong(Source::nodes).sum();
        long leaves = sources.stream().mapToLong(TreeReader::leaves).sum();
        if (nodes > Integer.MAX_VALUE - 8 || leaves * width > Integer.MAX_VALUE - 8) {
            throw parent.unsupported("a forest of " + nodes + " nodes");
        }
        boolean missing = sources.stream().allMatch(s -> s.missing().length > 0);
        var trees =
                new Trees(
                        new int[sources.size()],
                        new int[(int) nodes],
                        new double[(int) nodes],
                        new int[(int) nodes],
                        new int[(int) nodes],
                        new boolean[missing ? (int) nodes : 0],
                        width,
                        new double[(int) leaves * width]);
        copyAll(sources, trees);
        return trees;
    }

    private static long leaves(Source source) {
        long count = 0;
        for (int node = 0; node < source.nodes(); node++) {
            count += source.isLeaf(node) ? 1 : 0;
        }
        return count;
    }

    private void copyAll(List<Source> sources, Trees into) throws LoadFailure {
        int base = 0;
        int leaf = 0;
        for (int t = 0; t < sources.size(); t++) {
            var source = sources.get(t);
            into.roots()[t] = base;
            for (int node = 0; node < source.nodes(); node++) {
                if (source.isLeaf(node)) {
                    copyLeaf(source, node, into, base + node, leaf++);
                } else {
                    copySplit(source, node, into, base);
                }
            }
            base += source.nodes();
        }
    }

    private void copyLeaf(Source source, int node, Trees into, int at, int leaf) {
        into.feature()[at] = -1;
        into.left()[at] = leaf;
        double sum = 0;
        for (int k = 0; k < width; k++) {
            sum += source.values()[node * width + k];
        }
        // Fractions are left as they are, to the last bit; only counts are divided.
        double by = fractions && sum != 0 && Math.abs(sum - 1) > 1e-9 ? sum : 1;
        for (int k = 0; k < width; k++) {
            into.values()[leaf * width + k] = source.values()[node * width + k] / by;
        }
    }

    private void copySplit(Source source, int node, Trees into, int base) throws LoadFailure {
        int at = base + node;
        into.feature()[at] = index(source, "feature", source.feature()[node], 0, columns);
        into.threshold()[at] = source.threshold()[node];
        into.left()[at] = base + child(source, source.left()[node], node);
        into.right()[at] = base + child(source, source.right()[node], node);
        if (into.knowsMissing()) {
            into.missingLeft()[at] = source.missing()[node] != 0;
        }
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
