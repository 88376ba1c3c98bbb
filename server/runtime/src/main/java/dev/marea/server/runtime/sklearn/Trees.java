package dev.marea.server.runtime.sklearn;

/**
 * Decision trees side by side in flat arrays. A child always lies behind its parent, so that a walk
 * ends; {@link TreeReader} has checked it.
 *
 * @param feature the column that a node asks for, or -1 in a leaf
 * @param left the left child, or in a leaf the index of its values
 * @param missingLeft whether NaN goes left; empty where trees know no NaN
 * @param values what the leaves answer, {@code width} numbers each
 */
record Trees(
        int[] roots,
        int[] feature,
        double[] threshold,
        int[] left,
        int[] right,
        boolean[] missingLeft,
        int width,
        double[] values) {

    int count() {
        return roots.length;
    }

    boolean knowsMissing() {
        return missingLeft.length > 0;
    }

    /** Where the values of the leaf begin that a row falls into. */
    int leaf(int tree, double[] rows, int rowStart) {
        int node = roots[tree];
        int column = feature[node];
        while (column >= 0) {
            float value = (float) rows[rowStart + column];
            node = goesLeft(value, node) ? left[node] : right[node];
            column = feature[node];
        }
        return left[node] * width;
    }

    private boolean goesLeft(float value, int node) {
        return value <= threshold[node]
                || (Float.isNaN(value) && missingLeft.length > 0 && missingLeft[node]);
    }
}
