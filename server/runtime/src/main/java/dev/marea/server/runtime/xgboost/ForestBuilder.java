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
    private static final int NODES_MAX = (Integer.MAX_VALUE - 8) / Forest.NODE;

    private final Path file;
    private final int columns;
    private final TreeBody body;
    private final int[] roots;
    private final int[] steps;
    private final int[] nodes;
    private final long[][] sets;
    private final int leafWidth;
    private int placed;
    private int leavesBefore;

    private ForestBuilder(Path file, int columns, TreeBody body) throws LoadFailure {
        this.file = file;
        this.columns = columns;
        this.body = body;
        int count = count(body.trees());
        this.leafWidth = leafWidth(body.trees());
        this.roots = new int[body.trees().size()];
        this.steps = new int[roots.length];
        this.nodes = new int[count * Forest.NODE];
        this.sets = new long[categorical(body.trees()) ? count : 0][];
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
                builder.nodes,
                builder.sets,
                builder.leaves());
    }

    private int count(List<TreeParts> trees) throws LoadFailure {
        long nodes = 0;
        for (var tree : trees) {
            nodes += tree.nodes();
        }
        if (nodes > NODES_MAX) {
            throw new LoadFailure(
                    file, "has %d nodes, more than %d".formatted(nodes, NODES_MAX), "");
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
            if (body.trees().get(tree).leafValues().length % leafWidth != 0) {
                throw failure(body.trees().get(tree), "has leaves of unequal width");
            }
            int group = body.groups()[tree];
            if (group < 0 || group >= outputs) {
                throw failure(
                        body.trees().get(tree), "is for output %d of %d".formatted(group, outputs));
            }
        }
    }

    private Forest.Leaves leaves() {
        return leafWidth == 1 ? Forest.Leaves.SINGLE : new Forest.Leaves(leafWidth, vectors());
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

    private void place(int index) throws LoadFailure {
        var tree = body.trees().get(index);
        var order = new Order(tree);
        int first = placed;
        int depth = 0;
        int levelEnd = 1;
        boolean rowByRow = leafWidth > 1;
        for (int next = 0; next < order.known; next++) {
            if (next == levelEnd) {
                depth++;
                levelEnd = order.known;
            }
            int node = order.nodes[next];
            int at = (first + next) * Forest.NODE;
            if (tree.isLeaf(node)) {
                leaf(tree, index, node, at);
            } else {
                split(tree, node, at);
                rowByRow |= tree.isCategorical(node);
                nodes[at + Forest.LEFT] = (first + order.known) * Forest.NODE;
                order.add(node, tree.left()[node]);
                order.add(node, tree.right()[node]);
            }
        }
        roots[index] = first * Forest.NODE;
        steps[index] = rowByRow || depth > Forest.EVEN_STEPS_MAX ? Forest.ROW_BY_ROW : depth;
        placed += order.known;
        leavesBefore += tree.leafValues().length / leafWidth;
    }

    /** The order in which nodes are placed: level by level, so that siblings are neighbours. */
    private final class Order {
        private final TreeParts tree;
        private final int[] nodes;
        private final boolean[] seen;
        private int known = 1;

        Order(TreeParts tree) throws LoadFailure {
            if (tree.nodes() == 0) {
                throw failure(tree, "has no nodes");
            }
            this.tree = tree;
            this.nodes = new int[tree.nodes()];
            this.seen = new boolean[tree.nodes()];
        }

        void add(int parent, int child) throws LoadFailure {
            if (child < 1 || child >= seen.length) {
                throw failure(
                        tree,
                        "node %d leads to node %d of %d".formatted(parent, child, seen.length));
            }
            if (seen[child]) {
                throw failure(
                        tree,
                        "node %d is reached twice, again by node %d".formatted(child, parent));
            }
            seen[child] = true;
            nodes[known++] = child;
        }
    }

    private void split(TreeParts tree, int node, int at) throws LoadFailure {
        int column = tree.feature()[node];
        if (column < 0 || column >= columns) {
            throw failure(
                    tree, "node %d asks for column %d of %d".formatted(node, column, columns));
        }
        if (tree.isCategorical(node)) {
            sets[at / Forest.NODE] = tree.sets()[node];
        } else if (Float.isNaN(tree.condition()[node])) {
            throw failure(tree, "node " + node + " splits at NaN");
        }
        boolean gapsLeft = tree.defaultLeft()[node] != 0;
        nodes[at] = gapsLeft ? columns + column : column;
        put(at + Forest.THRESHOLD, threshold(tree.condition()[node], gapsLeft));
    }

    /** Nothing is less than -infinity; gaps that go left stand as -infinity and must be. */
    private static float threshold(float condition, boolean gapsLeft) {
        return gapsLeft && condition == Float.NEGATIVE_INFINITY ? -Float.MAX_VALUE : condition;
    }

    private void put(int at, float number) {
        nodes[at] = Float.floatToRawIntBits(number);
    }

    /**
     * A leaf leads to itself: no value is less than NaN, and its neighbour to the left leads here.
     */
    private void leaf(TreeParts tree, int index, int node, int at) throws LoadFailure {
        nodes[at + Forest.LEFT] = at - Forest.NODE;
        put(at + Forest.THRESHOLD, Float.NaN);
        if (leafWidth == 1) {
            float weight = body.weights().length == 0 ? 1 : body.weights()[index];
            put(at + Forest.ANSWER, tree.condition()[node] * weight);
            return;
        }
        int leaf = tree.leafIndex()[node];
        if (leaf < 0 || leaf >= tree.leafValues().length / leafWidth) {
            throw failure(tree, "the leaf %d has no values (%d)".formatted(node, leaf));
        }
        nodes[at + Forest.ANSWER] = leavesBefore + leaf;
    }

    private LoadFailure failure(TreeParts tree, String reason) {
        return new LoadFailure(file, tree.place() + ": " + reason, "save the model again");
    }
}
