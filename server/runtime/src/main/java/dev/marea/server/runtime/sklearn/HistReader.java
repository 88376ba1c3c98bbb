package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the trees of histogram boosting, and refuses any that could mislead a walk. */
final class HistReader {
    private static final String NODES = "nodes";
    private static final String BITSETS = "raw_left_cat_bitsets";
    private static final int NODE_NUMBERS = 6;

    private final State model;
    private final int columns;
    private final List<State> trees = new ArrayList<>();
    private final int[] known;

    /** Each tree's categories follow those that the columns know. */
    private int[] bits = new int[0];

    private HistReader(State model, int columns) {
        this.model = model;
        this.columns = columns;
        this.known = new int[columns];
    }

    /** The trees of all stages, {@code width} a stage. */
    static HistTrees read(State model, int columns, int width) throws LoadFailure {
        var reader = new HistReader(model, columns);
        reader.collect(width);
        reader.knownCategories();
        return reader.joined();
    }

    private void collect(int width) throws LoadFailure {
        for (var stage : model.items("_predictors")) {
            var predictors = model.items(stage).orElse(List.of());
            if (predictors.size() != width) {
                throw model.failure(
                        "_predictors has a stage of %d trees, not of %d"
                                .formatted(predictors.size(), width));
            }
            for (var predictor : predictors) {
                trees.add(model.needPart(predictor, "a predictor"));
            }
        }
    }

    private void knownCategories() throws LoadFailure {
        if (!model.has("_bin_mapper")) {
            return; // before 0.24 there were no categories
        }
        var mapper = model.part("_bin_mapper");
        if (!mapper.has("is_categorical_")) {
            return;
        }
        var categorical = mapper.vector("is_categorical_", columns);
        var thresholds = mapper.items("bin_thresholds_");
        if (thresholds.size() != columns) {
            throw mapper.failure(
                    "bin_thresholds_ is of %d columns, not of %d"
                            .formatted(thresholds.size(), columns));
        }
        for (int column = 0; column < columns; column++) {
            known[column] = bits.length;
            if (categorical[column] != 0) {
                bits = Arrays.copyOf(bits, bits.length + HistTrees.BITSET_INTS);
                model.charge(HistTrees.BITSET_INTS);
                if (!(thresholds.get(column) instanceof NdArray array) || !array.isNumeric()) {
                    throw mapper.failure("bin_thresholds_ must be arrays of numbers");
                }
                for (double category : array.doubles()) {
                    know(mapper, column, category);
                }
            }
        }
    }

    private void know(State mapper, int column, double category) throws LoadFailure {
        int bit = index(mapper, "a category of bin_thresholds_", category, 0, 256);
        bits[known[column] + (bit >> 5)] |= 1 << (bit & 31);
    }

    private HistTrees joined() throws LoadFailure {
        long nodes = 0;
        for (var tree : trees) {
            nodes += tree.array(NODES).count();
        }
        if (nodes > Integer.MAX_VALUE - 8) {
            throw model.unsupported("a model of " + nodes + " nodes");
        }
        model.charge(NODE_NUMBERS * nodes);
        boolean categories = bits.length > 0;
        int n = (int) nodes;
        var joined =
                new HistTrees(
                        new int[trees.size()],
                        new int[n],
                        new double[n],
                        new int[n],
                        new int[n],
                        new boolean[n],
                        new int[categories ? n : 0],
                        known,
                        categories ? withBitsets() : bits);
        int base = 0;
        int bitset = bits.length;
        for (int t = 0; t < trees.size(); t++) {
            joined.roots()[t] = base;
            var tree = new Source(trees.get(t), categories);
            tree.copy(joined, base, bitset);
            base += tree.left.length;
            bitset += tree.bitsets * HistTrees.BITSET_INTS;
        }
        return joined;
    }

    private int[] withBitsets() throws LoadFailure {
        long total = bits.length;
        for (var tree : trees) {
            total += tree.array(BITSETS).count();
        }
        model.charge(total);
        var all = Arrays.copyOf(bits, Math.toIntExact(total));
        int at = bits.length;
        for (var tree : trees) {
            var array = tree.array(BITSETS);
            if (!array.isIntegral()
                    || array.rank() != 2
                    || array.dimension(1) != HistTrees.BITSET_INTS) {
                throw tree.failure(BITSETS + " must be rows of 8 integers, is " + array.kind());
            }
            for (long set : array.longs()) {
                all[at++] = (int) set;
            }
        }
        return all;
    }

    private static int index(State tree, String what, double value, int from, int below)
            throws LoadFailure {
        if (!(value >= from && value < below)) {
            throw tree.failure("%s is %s, not in %d..%d".formatted(what, value, from, below - 1));
        }
        return (int) value;
    }

    /** One tree as the library keeps it; the numbers are whole except thresholds and values. */
    private final class Source {
        private final State tree;
        private final double[] leaf;
        private final double[] value;
        private final double[] left;
        private final double[] right;
        private final double[] feature;
        private final double[] threshold;
        private final double[] missing;
        private final double[] categorical;
        private final double[] bitset;
        private final int bitsets;

        Source(State tree, boolean categories) throws LoadFailure {
            this.tree = tree;
            this.leaf = tree.column(NODES, "is_leaf");
            this.value = tree.column(NODES, "value");
            this.left = tree.column(NODES, "left");
            this.right = tree.column(NODES, "right");
            this.feature = tree.column(NODES, "feature_idx");
            boolean named = tree.array(NODES).hasColumn("num_threshold");
            this.threshold = tree.column(NODES, named ? "num_threshold" : "threshold");
            this.missing = tree.column(NODES, "missing_go_to_left");
            this.categorical =
                    named ? tree.column(NODES, "is_categorical") : new double[left.length];
            this.bitset = named ? tree.column(NODES, "bitset_idx") : new double[left.length];
            this.bitsets = categories ? tree.array(BITSETS).dimension(0) : 0;
            if (left.length == 0) {
                throw tree.failure("nodes is empty");
            }
        }

        void copy(HistTrees into, int base, int bitsetBase) throws LoadFailure {
            for (int node = 0; node < left.length; node++) {
                int at = base + node;
                if (leaf[node] != 0) {
                    into.feature()[at] = -1;
                    into.threshold()[at] = value[node];
                    continue;
                }
                into.feature()[at] = index(tree, "feature_idx", feature[node], 0, columns);
                into.left()[at] = base + child(left[node], node);
                into.right()[at] = base + child(right[node], node);
                into.missingLeft()[at] = missing[node] != 0;
                if (categorical[node] != 0) {
                    into.threshold()[at] = Double.NaN;
                    int set = index(tree, "bitset_idx", bitset[node], 0, bitsets);
                    into.bitset()[at] = bitsetBase + set * HistTrees.BITSET_INTS;
                    needsKnown(into.feature()[at]);
                } else if (Double.isNaN(threshold[node])) {
                    throw tree.failure("num_threshold of node " + node + " is NaN");
                } else {
                    into.threshold()[at] = threshold[node];
                }
            }
        }

        private void needsKnown(int column) throws LoadFailure {
            boolean last = column + 1 == columns;
            int end = last ? bits.length : known[column + 1];
            if (end == known[column]) {
                throw tree.failure("column " + column + " is split by categories and has none");
            }
        }

        private int child(double node, int parent) throws LoadFailure {
            return index(tree, "the child of node " + parent, node, parent + 1, left.length);
        }
    }
}
