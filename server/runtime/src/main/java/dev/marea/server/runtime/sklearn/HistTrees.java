package dev.marea.server.runtime.sklearn;

/**
 * The trees of histogram boosting in flat arrays. A child always lies behind its parent, so that a
 * walk ends; {@link HistReader} has checked it.
 *
 * @param feature the column that a node asks for, or -1 in a leaf
 * @param threshold the highest number that goes left; NaN where categories decide; a leaf's value
 * @param missingLeft whether what is missing, or an unknown category, goes left
 * @param bitset where a node's left categories begin in {@code bits}; empty without categories
 * @param known where a column's known categories begin in {@code bits}
 */
record HistTrees(
        int[] roots,
        int[] feature,
        double[] threshold,
        int[] left,
        int[] right,
        boolean[] missingLeft,
        int[] bitset,
        int[] known,
        int[] bits) {
    static final int BITSET_INTS = 8;
    private static final int CATEGORIES = 256;

    int count() {
        return roots.length;
    }

    double value(int tree, double[] rows, int rowStart) {
        int node = roots[tree];
        for (int column = feature[node]; column >= 0; column = feature[node]) {
            double value = rows[rowStart + column];
            double limit = threshold[node];
            if (value <= limit) {
                node = left[node];
            } else if (value > limit) {
                node = right[node];
            } else {
                node = otherwise(node, column, value) ? left[node] : right[node];
            }
        }
        return threshold[node];
    }

    /** Whether something that has no order with the threshold goes left. */
    private boolean otherwise(int node, int column, double value) {
        if (!(value >= 0 && value < CATEGORIES) || !Double.isNaN(threshold[node])) {
            return missingLeft[node];
        }
        int category = (int) value;
        return has(bitset[node], category) || (!has(known[column], category) && missingLeft[node]);
    }

    private boolean has(int from, int category) {
        return (bits[from + (category >> 5)] >>> (category & 31) & 1) != 0;
    }
}
