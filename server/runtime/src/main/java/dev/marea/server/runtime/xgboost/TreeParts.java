package dev.marea.server.runtime.xgboost;

/**
 * One tree as it was saved, each array by node; a leaf has no left child (-1).
 *
 * @param place where it stands, for messages
 * @param condition what a value must be less than to go left; in a leaf its answer
 * @param defaultLeft 1 where a missing value goes left
 * @param sets for each node the categories that go right, as bits; empty where no split has any
 * @param leafWidth numbers a leaf answers with
 * @param leafValues those of all leaves, where a leaf answers with several; else empty
 * @param leafIndex which of the leafValues a leaf has
 */
record TreeParts(
        String place,
        int[] left,
        int[] right,
        int[] feature,
        float[] condition,
        byte[] defaultLeft,
        long[][] sets,
        int leafWidth,
        float[] leafValues,
        int[] leafIndex) {

    static final long[] NO_SET = new long[0];

    int nodes() {
        return left.length;
    }

    boolean isLeaf(int node) {
        return left[node] == -1;
    }

    boolean isCategorical(int node) {
        return sets.length > 0 && sets[node].length > 0;
    }
}
