package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.BoosterParts.TreeBody;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Lays trees out for the walk, and refuses any that could mislead it: a child that does not exist,
 * a node reached twice (so a circle), a split at NaN, a column or an output beyond the model's.
 */
final class ForestBuilder {
    private static final int NOT_PLACED = -1;

    private final Path file;
    private final int columns;
    private final TreeBody body;
    private final int[] roots;
    private final int[] steps;
    private final int[] feature;
    private final float[] threshold;
    private final int[] left;
    private final float[] value;
    private final long[][] sets;
    private final int[] leafIndex;
    private final int leafWidth;
    private int placed;
    private int leavesBefore;

    private ForestBuilder(Path file, int columns, TreeBody body) throws LoadFailure {
        this.file = file;
        this.columns = columns;
        this.body = body;
        int nodes = nodes(body.trees());
        this.leafWidth = leafWidth(body.trees());
        this.roots = new int[body.trees().size()];
        this.steps = new int[roots.length];
        this.feature = new int[nodes];
        this.threshold = new float[nodes];
        this.left = new int[nodes];
        this.value = new float[nodes];
        this.leafIndex = new int[leafWidth > 1 ? nodes : 0];
        this.sets = new long[categorical(body.trees()) ? nodes : 0][];
        Arrays.fill(sets, TreeParts.NO_SET);
    }

    static Forest build(Path file, int columns, int outputs, TreeBody body) throws LoadFailure {
        var builder = new ForestBuilder(file, columns, body);
        builder.checkOutputs(outputs);
        for (int tree = 0; tree < builder.roots.length; tree++) {
            builder.place(tree);
        }
        return new Forest(
                builder.roots,
                builder.steps,
                body.groups(),
                builder.feature,
                builder.threshold,
                builder.left,
                builder.value,
                builder.sets,
                builder.leaves());
    }

    private int nodes(List<TreeParts> trees) throws LoadFailure {
        long nodes = 0;
        for (var tree : trees) {
            nodes += tree.nodes();
        }
        if (nodes > Integer.MAX_VALUE - 8) {
            throw new LoadFailure(file, "has " + nodes + " nodes, more than 2^31", "");
        }
        return (int) nodes;
    }

    private int leafWidth(List<TreeParts> trees) throws LoadFailure {
        int width = trees.isEmpty() ? 1 : trees.getFirst().leafWidth();
        for (var tree : trees) {
            if (tree.leafWidth() != width) {
                throw failure(
                        tree,
                        "has leaves of %d numbers, the first tree of %d"
                                .formatted(tree.leafWidth(), width));
            }
        }
        return width;
    }

    private static boolean categorical(List<TreeParts> trees) {
        for (var tree : trees) {
            if (tree.sets().length > 0) {
                return true;
            }
        }
        return false;
    }

    private void checkOutputs(int outputs) throws LoadFailure {
        if (leafWidth > 1 && leafWidth != outputs) {
            throw failure(
                    body.trees().getFirst(),
                    "has leaves of %d numbers in a model of %d outputs"
                            .formatted(leafWidth, outputs));
        }
        for (int tree = 0; tree < roots.length; tree++) {
            int group = body.groups()[tree];
            if (group < 0 || group >= outputs) {
                throw failure(
                        body.trees().get(tree), "is for output %d of %d".formatted(group, outputs));
            }
        }
    }

    private Forest.Leaves leaves() {
        return leafWidth == 1
                ? Forest.Leaves.SINGLE
                : new Forest.Leaves(leafWidth, leafIndex, vectors());
    }

    private float[] vectors() {
        int count = 0;
        for (var tree : body.trees()) {
            count += tree.leafValues().length;
        }
        var vectors = new float[count];
        int at = 0;
        for (var tree : body.trees()) {
            System.arraycopy(tree.leafValues(), 0, vectors, at, tree.leafValues().length);
            at += tree.leafValues().length;
        }
        return vectors;
    }

    /** Breadth first, so that siblings are neighbours and a level lies together. */
    private void place(int index) throws LoadFailure {
        var tree = body.trees().get(index);
        if (tree.nodes() == 0) {
            throw failure(tree, "has no nodes");
        }
        var from = new int[tree.nodes()]; // the order of placing: where each came from
        var at = new int[tree.nodes()];
        Arrays.fill(at, NOT_PLACED);
        int base = placed;
        roots[index] = base;
        from[0] = 0;
        at[0] = base;
        int known = 1;
        int depth = 0;
        int levelEnd = 1;
        boolean rowByRow = leafWidth > 1;
        for (int next = 0; next < known; next++) {
            if (next == levelEnd) {
                depth++;
                levelEnd = known;
            }
            int node = from[next];
            if (tree.isLeaf(node)) {
                leaf(tree, index, node, base + next);
            } else {
                split(tree, node, base + next);
                rowByRow |= tree.isCategorical(node);
                left[base + next] = base + known;
                known = child(tree, node, tree.left()[node], from, at, known);
                known = child(tree, node, tree.right()[node], from, at, known);
            }
        }
        placed = base + known;
        leavesBefore += tree.leafValues().length / leafWidth;
        steps[index] = rowByRow || depth > Forest.EVEN_STEPS_MAX ? Forest.ROW_BY_ROW : depth;
    }

    private int child(TreeParts tree, int parent, int child, int[] from, int[] at, int known)
            throws LoadFailure {
        if (child < 1 || child >= tree.nodes()) {
            throw failure(
                    tree, "node %d leads to node %d of %d".formatted(parent, child, tree.nodes()));
        }
        if (at[child] != NOT_PLACED) {
            throw failure(
                    tree, "node %d is reached twice, again by node %d".formatted(child, parent));
        }
        from[known] = child;
        at[child] = known;
        return known + 1;
    }

    private void split(TreeParts tree, int node, int at) throws LoadFailure {
        int column = tree.feature()[node];
        if (column < 0 || column >= columns) {
            throw failure(
                    tree, "node %d asks for column %d of %d".formatted(node, column, columns));
        }
        if (tree.isCategorical(node)) {
            sets[at] = tree.sets()[node];
        } else if (Float.isNaN(tree.condition()[node])) {
            throw failure(tree, "node " + node + " splits at NaN");
        }
        boolean gapsLeft = tree.defaultLeft()[node] != 0;
        feature[at] = gapsLeft ? columns + column : column;
        threshold[at] = threshold(tree.condition()[node], gapsLeft);
    }

    /** Nothing is less than -infinity; gaps that go left stand as -infinity and must be. */
    private static float threshold(float condition, boolean gapsLeft) {
        return gapsLeft && condition == Float.NEGATIVE_INFINITY ? -Float.MAX_VALUE : condition;
    }

    /** A leaf leads to itself: no value is less than NaN, and the right neighbour of -1 is 0. */
    private void leaf(TreeParts tree, int index, int node, int at) throws LoadFailure {
        left[at] = at - 1;
        threshold[at] = Float.NaN;
        if (leafWidth == 1) {
            float weight = body.weights().length == 0 ? 1 : body.weights()[index];
            value[at] = tree.condition()[node] * weight;
            return;
        }
        int leaf = tree.leafIndex()[node];
        if (leaf < 0 || leaf >= tree.leafValues().length / leafWidth) {
            throw failure(tree, "the leaf %d has no values (%d)".formatted(node, leaf));
        }
        leafIndex[at] = leavesBefore + leaf;
    }

    private LoadFailure failure(TreeParts tree, String reason) {
        return new LoadFailure(file, tree.place() + ": " + reason, "save the model again");
    }
}
