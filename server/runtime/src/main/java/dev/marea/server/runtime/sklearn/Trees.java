package dev.marea.server.runtime.sklearn;

/**
 * Decision trees side by side in flat arrays. A child always lies behind its parent, so that a walk
 * ends; {@link TreeReader} has checked it.
 *
 * <p>The library compares in single precision. Here single numbers are kept as whole ones in the
 * same order ({@link #key}), so that a step of a walk is a subtraction and no branch that the
 * processor would have to guess.
 *
 * <p>A node is four numbers together, which one line of the cache holds: twice the column it asks
 * for, and one more if NaN goes left; the threshold; and where its two children are. A leaf is -1
 * and the index of its values.
 *
 * @param roots where each tree begins in {@code nodes}
 * @param knowsMissing whether NaN has a way to go
 * @param values what the leaves answer, {@code width} numbers each
 */
record Trees(int[] roots, int[] nodes, boolean knowsMissing, int width, double[] values) {
    static final int NODE = 4;
    static final int LEFT = 2;
    static final int RIGHT = 3;

    /** How many walks are done at once. */
    static final int TOGETHER = 4;

    private static final int THRESHOLD = 1;
    private static final int NAN = Float.floatToIntBits(Float.NaN);

    int count() {
        return roots.length;
    }

    boolean isLeaf(int node) {
        return nodes[node] < 0;
    }

    void putSplit(int node, int column, boolean missingLeft, double threshold) {
        nodes[node] = 2 * column + (missingLeft ? 1 : 0);
        nodes[node + THRESHOLD] =
                Double.isNaN(threshold) ? Integer.MIN_VALUE : key(single(threshold));
    }

    void putLeaf(int node, int leaf) {
        nodes[node] = -1;
        nodes[node + LEFT] = leaf;
    }

    /** The highest single number that is not above: single numbers compare with both alike. */
    private static float single(double threshold) {
        float near = (float) threshold;
        return near > threshold ? Math.nextDown(near) : near;
    }

    /** A whole number that orders as the single one does; NaN is the highest. */
    private static int key(float value) {
        int bits = Float.floatToIntBits(value + 0f); // which makes one zero of two
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    /** Numbers as a walk compares them. */
    static int[] keys(double[] values, int from, int count) {
        var keys = new int[count];
        for (int i = 0; i < count; i++) {
            keys[i] = key((float) values[from + i]);
        }
        return keys;
    }

    static int[] keys(Matrix rows) {
        return keys(rows.values(), 0, rows.values().length);
    }

    /** Where the values of the leaf begin that a row falls into. */
    int leaf(int tree, int[] keys, int rowStart) {
        int node = roots[tree];
        for (int asks = nodes[node]; asks >= 0; asks = nodes[node]) {
            node = next(node, asks, keys, rowStart);
        }
        return nodes[node + LEFT] * width;
    }

    private int next(int node, int asks, int[] keys, int rowStart) {
        int value = keys[rowStart + (asks >>> 1)];
        if (value == NAN && (asks & 1) != 0) {
            return nodes[node + LEFT];
        }
        int above = (int) (((long) nodes[node + THRESHOLD] - value) >>> 63);
        return nodes[node + LEFT + above];
    }

    /** One row down four trees at once, so that the processor waits for their nodes together. */
    void leaves(int firstTree, int[] keys, int rowStart, int[] leaves) {
        for (int i = 0; i < TOGETHER; i++) {
            leaves[i] = roots[firstTree + i];
        }
        walk(keys, rowStart, 0, leaves);
    }

    /** Four rows down one tree at once. */
    void leavesOfRows(int tree, int[] keys, int rowStart, int rowWidth, int[] leaves) {
        for (int i = 0; i < TOGETHER; i++) {
            leaves[i] = roots[tree];
        }
        walk(keys, rowStart, rowWidth, leaves);
    }

    /**
     * Four walks at once.
     *
     * @param rowStep from one walk's row to the next's
     * @param at the nodes to begin at; gets where the values of the leaves begin
     */
    private void walk(int[] keys, int rowStart, int rowStep, int[] at) {
        int a = at[0];
        int b = at[1];
        int c = at[2];
        int d = at[3];
        int rowB = rowStart + rowStep;
        int rowC = rowB + rowStep;
        int rowD = rowC + rowStep;
        while (true) {
            int asksA = nodes[a];
            int asksB = nodes[b];
            int asksC = nodes[c];
            int asksD = nodes[d];
            if ((asksA & asksB & asksC & asksD) < 0) {
                break; // all four are leaves
            }
            a = asksA < 0 ? a : next(a, asksA, keys, rowStart);
            b = asksB < 0 ? b : next(b, asksB, keys, rowB);
            c = asksC < 0 ? c : next(c, asksC, keys, rowC);
            d = asksD < 0 ? d : next(d, asksD, keys, rowD);
        }
        at[0] = nodes[a + LEFT] * width;
        at[1] = nodes[b + LEFT] * width;
        at[2] = nodes[c + LEFT] * width;
        at[3] = nodes[d + LEFT] * width;
    }
}
