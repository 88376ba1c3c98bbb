package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import java.util.Arrays;

/** Reads one tree of a document: arrays by node, which must agree in length. */
final class TreeDocument {
    private static final byte CATEGORICAL = 1;

    private TreeDocument() {}

    static TreeParts parts(Section tree, CategorySet sets) throws LoadFailure {
        var left = tree.at("left_children").wholes();
        int nodes = left.length;
        var right = tree.at("right_children").wholes(nodes);
        int width = Math.max(1, tree.at("tree_param").size("size_leaf_vector", 1));
        return new TreeParts(
                tree.path(),
                left,
                right,
                tree.at("split_indices").wholes(nodes),
                tree.at("split_conditions").reals(nodes),
                bytes(tree.at("default_left"), nodes),
                sets(tree, nodes, sets),
                width,
                width == 1 ? new float[0] : leafValues(tree),
                width == 1 ? new int[0] : leafIndex(tree, left, right));
    }

    private static byte[] bytes(Section section, int nodes) throws LoadFailure {
        var numbers = section.numbers(nodes);
        var bytes = new byte[nodes];
        for (int i = 0; i < nodes; i++) {
            bytes[i] = (byte) (numbers.whole(i) != 0 ? 1 : 0);
        }
        return bytes;
    }

    /** Since 3.1 a list of the leaves' values alone; before, those of all nodes. */
    private static float[] leafValues(Section tree) throws LoadFailure {
        var leaves = tree.maybe("leaf_weights");
        return leaves.isPresent() ? leaves.get().reals() : tree.at("base_weights").reals();
    }

    /** Where a leaf has values of its own, the place of its right child says which. */
    private static int[] leafIndex(Section tree, int[] left, int[] right) throws LoadFailure {
        if (tree.maybe("leaf_weights").isPresent()) {
            return right;
        }
        var own = new int[left.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = i;
        }
        return own;
    }

    /** The nodes that split by category, each with a stretch of one list of categories. */
    private static long[][] sets(Section tree, int nodes, CategorySet sets) throws LoadFailure {
        var splitNodes = tree.maybe("categories_nodes");
        if (splitNodes.isEmpty() || splitNodes.get().numbers().count() == 0) {
            return new long[0][];
        }
        var at = splitNodes.get().wholes();
        var starts = tree.at("categories_segments").wholes(at.length);
        var sizes = tree.at("categories_sizes").wholes(at.length);
        var types = bytes(tree.at("split_type"), nodes);
        var place = tree.at("categories");
        var codes = place.wholes();
        var byNode = new long[nodes][];
        Arrays.fill(byNode, TreeParts.NO_SET);
        for (int i = 0; i < at.length; i++) {
            if (at[i] < 0 || at[i] >= nodes || types[at[i]] != CATEGORICAL) {
                throw splitNodes.get().failure("names node " + at[i]);
            }
            if (starts[i] < 0 || sizes[i] < 1 || starts[i] > codes.length - sizes[i]) {
                throw place.failure("has no %d from %d".formatted(sizes[i], starts[i]));
            }
            byNode[at[i]] = sets.of(codes, starts[i], starts[i] + sizes[i], place);
        }
        return byNode;
    }
}
