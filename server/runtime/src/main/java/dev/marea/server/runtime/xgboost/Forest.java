package dev.marea.server.runtime.xgboost;

/**
 * Trees side by side in one flat array, laid out for the walk: a node's four numbers lie in one
 * line of the cache; its children are neighbours, so that a step is {@code left + (value <
 * threshold ? 0 : NODE)} without a branch; a leaf leads to itself, so that eight rows can take the
 * same number of steps together.
 *
 * <p>A missing value costs nothing: a row stands twice in a block, once with its gaps as +infinity
 * and once as -infinity, and a node asks for the one that goes where its gaps go. {@link
 * ForestBuilder} has checked every index.
 */
final class Forest {
    /** Numbers of a node: the column that it asks for, and then these. */
    static final int NODE = 4;

    /** As the bits of a float. */
    static final int THRESHOLD = 1;

    /** Where the left child lies; in a leaf, {@link #NODE} before the leaf itself. */
    static final int LEFT = 2;

    /** What a leaf answers, as the bits of a float, or which of the {@link Leaves} does. */
    static final int ANSWER = 3;

    /** Deeper trees are walked one row at a time, to the leaf and no further. */
    static final int EVEN_STEPS_MAX = 16;

    /** In place of the number of steps: a tree to be walked row by row. */
    static final int ROW_BY_ROW = -1;

    /** Rows that walk together. The processor waits for memory otherwise. */
    private static final int TOGETHER = 8;

    private final int[] roots;
    private final int[] steps;
    private final int[] groups;
    private final int[] nodes;
    private final long[][] sets;
    private final Leaves leaves;

    /** What leaves answer with when it is several numbers. */
    record Leaves(int width, float[] values) {
        static final Leaves SINGLE = new Leaves(1, new float[0]);
    }

    /**
     * @param roots where the trees begin in the nodes
     * @param steps from the root to the deepest leaf, or {@link #ROW_BY_ROW}
     * @param groups which output a tree adds to
     * @param nodes four numbers each
     * @param sets by node, where any tree splits by category; else empty
     */
    Forest(int[] roots, int[] steps, int[] groups, int[] nodes, long[][] sets, Leaves leaves) {
        this.roots = roots;
        this.steps = steps;
        this.groups = groups;
        this.nodes = nodes;
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
        return 4L * nodes.length + 8 * setWords + 4L * leaves.values().length;
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
            int from = nodes[leaf(tree, block, row * width) + ANSWER] * outputs;
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
            sums[sum] += answer(leaf(tree, block, row * width));
            sum += outputs;
        }
    }

    private float answer(int leaf) {
        return Float.intBitsToFloat(nodes[leaf + ANSWER]);
    }

    /** The leaf that a row falls into. */
    private int leaf(int tree, float[] block, int row) {
        int node = roots[tree];
        while (true) {
            int next = sets.length == 0 ? next(node, block, row) : byCategory(node, block, row);
            if (next == node) {
                return node;
            }
            node = next;
        }
    }

    /** The next node of a row that starts here in its block. */
    private int next(int node, float[] block, int row) {
        return nodes[node + LEFT]
                + (block[row + nodes[node]] < Float.intBitsToFloat(nodes[node + THRESHOLD])
                        ? 0
                        : NODE);
    }

    private int byCategory(int node, float[] block, int row) {
        var set = sets[node / NODE];
        return set.length == 0
                ? next(node, block, row)
                : nodes[node + LEFT] + (chosen(set, block[row + nodes[node]]) ? NODE : 0);
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
            a = next(a, block, row);
            b = next(b, block, row1);
            c = next(c, block, row2);
            d = next(d, block, row3);
            e = next(e, block, row4);
            f = next(f, block, row5);
            g = next(g, block, row6);
            h = next(h, block, row7);
        }
        sums[at] += answer(a);
        sums[at + outputs] += answer(b);
        sums[at + 2 * outputs] += answer(c);
        sums[at + 3 * outputs] += answer(d);
        sums[at + 4 * outputs] += answer(e);
        sums[at + 5 * outputs] += answer(f);
        sums[at + 6 * outputs] += answer(g);
        sums[at + 7 * outputs] += answer(h);
    }
}
