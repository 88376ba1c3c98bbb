package dev.marea.server.runtime.xgboost;

/**
 * Trees side by side in flat arrays, laid out for the walk: the children of a node are neighbours,
 * so that a step is {@code left + (value < threshold ? 0 : 1)} without a branch; a leaf leads to
 * itself, so that eight rows can take the same number of steps together.
 *
 * <p>A missing value costs nothing: a row stands twice in a block, once with its gaps as +infinity
 * and once as -infinity, and a node asks for the one that goes where its gaps go. {@link
 * ForestBuilder} has checked every index.
 */
final class Forest {
    /** Rows that walk together. The processor waits for memory otherwise. */
    private static final int TOGETHER = 8;

    /** Deeper trees are walked one row at a time, to the leaf and no further. */
    static final int EVEN_STEPS_MAX = 16;

    /** In place of the number of steps: a tree to be walked row by row. */
    static final int ROW_BY_ROW = -1;

    private final int[] roots;
    private final int[] steps;
    private final int[] groups;
    private final int[] feature;
    private final float[] threshold;
    private final int[] left;
    private final float[] value;
    private final long[][] sets;
    private final Leaves leaves;

    /**
     * What leaves answer with when it is several numbers.
     *
     * @param index by node
     */
    record Leaves(int width, int[] index, float[] values) {
        static final Leaves SINGLE = new Leaves(1, new int[0], new float[0]);
    }

    /**
     * @param steps from the root to the deepest leaf, or {@link #ROW_BY_ROW}
     * @param sets by node, where any tree splits by category; else empty
     */
    Forest(
            int[] roots,
            int[] steps,
            int[] groups,
            int[] feature,
            float[] threshold,
            int[] left,
            float[] value,
            long[][] sets,
            Leaves leaves) {
        this.roots = roots;
        this.steps = steps;
        this.groups = groups;
        this.feature = feature;
        this.threshold = threshold;
        this.left = left;
        this.value = value;
        this.sets = sets;
        this.leaves = leaves;
    }

    int count() {
        return roots.length;
    }

    long bytes() {
        long setWords = 0;
        for (var set : sets) {
            setWords += set.length;
        }
        return 16L * feature.length + 8 * setWords + 4L * leaves.values().length;
    }

    /**
     * Adds what the first trees answer.
     *
     * @param block rows of twice their columns, see above
     * @param sums of the rows' outputs, from {@code at}
     */
    void add(float[] block, int width, int rows, int trees, float[] sums, int at, int outputs) {
        for (int tree = 0; tree < trees; tree++) {
            if (leaves.width() > 1) {
                addVectors(tree, block, width, rows, sums, at);
            } else if (steps[tree] == ROW_BY_ROW) {
                addRowByRow(tree, block, width, 0, rows, sums, at, outputs);
            } else {
                int done = addTogether(tree, block, width, rows, sums, at, outputs);
                addRowByRow(tree, block, width, done, rows, sums, at, outputs);
            }
        }
    }

    private void addVectors(int tree, float[] block, int width, int rows, float[] sums, int at) {
        int outputs = leaves.width();
        for (int row = 0; row < rows; row++) {
            int from = leaves.index()[leaf(tree, block, row * width)] * outputs;
            for (int k = 0; k < outputs; k++) {
                sums[at + row * outputs + k] += leaves.values()[from + k];
            }
        }
    }

    private void addRowByRow(
            int tree,
            float[] block,
            int width,
            int from,
            int rows,
            float[] sums,
            int at,
            int outputs) {
        int sum = at + groups[tree] + from * outputs;
        for (int row = from; row < rows; row++) {
            sums[sum] += value[leaf(tree, block, row * width)];
            sum += outputs;
        }
    }

    /** The leaf that a row falls into. */
    private int leaf(int tree, float[] block, int row) {
        int node = roots[tree];
        boolean categories = sets.length > 0;
        while (true) {
            int next =
                    categories && sets[node].length > 0
                            ? left[node] + (chosen(sets[node], block[row + feature[node]]) ? 1 : 0)
                            : left[node] + (block[row + feature[node]] < threshold[node] ? 0 : 1);
            if (next == node) {
                return node;
            }
            node = next;
        }
    }

    /** Whether a category is in a set, which goes right; what is no category goes left. */
    private static boolean chosen(long[] set, float category) {
        if (category == Float.POSITIVE_INFINITY) {
            return true; // a gap that goes right
        }
        return category >= 0 && CategorySet.contains(set, (int) category);
    }

    /** Walks whole groups of eight rows; answers how many rows those were. */
    private int addTogether(
            int tree, float[] block, int width, int rows, float[] sums, int at, int outputs) {
        int whole = rows - rows % TOGETHER;
        int sum = at + groups[tree];
        for (int row = 0; row < whole; row += TOGETHER) {
            eight(tree, block, row * width, width, sums, sum, outputs);
            sum += TOGETHER * outputs;
        }
        return whole;
    }

    /** One tree for eight rows: eight walks that do not wait for one another. */
    private void eight(
            int tree, float[] block, int row, int width, float[] sums, int at, int outputs) {
        var left = this.left;
        var feature = this.feature;
        var threshold = this.threshold;
        int row1 = row + width;
        int row2 = row1 + width;
        int row3 = row2 + width;
        int row4 = row3 + width;
        int row5 = row4 + width;
        int row6 = row5 + width;
        int row7 = row6 + width;
        int a = roots[tree];
        int b = a;
        int c = a;
        int d = a;
        int e = a;
        int f = a;
        int g = a;
        int h = a;
        for (int step = steps[tree]; step > 0; step--) {
            a = left[a] + (block[row + feature[a]] < threshold[a] ? 0 : 1);
            b = left[b] + (block[row1 + feature[b]] < threshold[b] ? 0 : 1);
            c = left[c] + (block[row2 + feature[c]] < threshold[c] ? 0 : 1);
            d = left[d] + (block[row3 + feature[d]] < threshold[d] ? 0 : 1);
            e = left[e] + (block[row4 + feature[e]] < threshold[e] ? 0 : 1);
            f = left[f] + (block[row5 + feature[f]] < threshold[f] ? 0 : 1);
            g = left[g] + (block[row6 + feature[g]] < threshold[g] ? 0 : 1);
            h = left[h] + (block[row7 + feature[h]] < threshold[h] ? 0 : 1);
        }
        sums[at] += value[a];
        sums[at + outputs] += value[b];
        sums[at + 2 * outputs] += value[c];
        sums[at + 3 * outputs] += value[d];
        sums[at + 4 * outputs] += value[e];
        sums[at + 5 * outputs] += value[f];
        sums[at + 6 * outputs] += value[g];
        sums[at + 7 * outputs] += value[h];
    }
}
