package dev.marea.server.runtime.lightgbm;

/**
 * What only some nodes have: a set of categories in a split, a linear function in a leaf. Arrays by
 * node are empty where no node has any.
 *
 * @param setOf the set of a split, by node, or -1
 * @param setStarts where a set's bits begin; one more than there are sets
 * @param bits of all sets, 32 in each
 * @param functionOf the function of a leaf, by node, or -1
 * @param functionStarts where a function's terms begin; one more than there are functions
 */
record Extras(
        int[] setOf,
        int[] setStarts,
        int[] bits,
        int[] functionOf,
        int[] functionStarts,
        double[] constants,
        int[] features,
        double[] factors) {

    long bytes() {
        return 4L * (setOf.length + setStarts.length + bits.length)
                + 4L * (functionOf.length + functionStarts.length + features.length)
                + 8L * (constants.length + factors.length);
    }

    int set(int node) {
        return setOf.length == 0 ? -1 : setOf[node];
    }

    /** Whether the whole part of a value is in a set; NaN and what is below zero are in none. */
    boolean contains(int set, double value) {
        int category = (int) value;
        if (Double.isNaN(value) || category < 0) {
            return false;
        }
        int word = setStarts[set] + (category >> 5);
        return word < setStarts[set + 1] && (bits[word] >>> (category & 31) & 1) != 0;
    }

    /** A leaf's answer: its function of the row, unless that asks a value that is missing. */
    double answer(int leaf, double otherwise, double[] block, int from) {
        int function = functionOf.length == 0 ? -1 : functionOf[leaf];
        if (function < 0) {
            return otherwise;
        }
        double sum = constants[function];
        for (int i = functionStarts[function]; i < functionStarts[function + 1]; i++) {
            double value = block[from + features[i]];
            if (Double.isNaN(value)) {
                return otherwise;
            }
            sum += factors[i] * value;
        }
        return sum;
    }
}
