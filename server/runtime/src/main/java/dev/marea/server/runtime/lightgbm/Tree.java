package dev.marea.server.runtime.lightgbm;

import java.util.Optional;

/**
 * One tree as the text has it: splits by number, a child that is a leaf written as {@code -leaf -
 * 1}. {@link TreeReader} has checked that a walk ends in a leaf whatever it meets.
 *
 * @param feature of each split
 * @param threshold of each split; in a categorical one the number of its set
 * @param decision of each split: bits for categorical, default direction and missing values
 * @param values of each leaf
 */
record Tree(
        int[] feature,
        double[] threshold,
        byte[] decision,
        int[] left,
        int[] right,
        double[] values,
        Optional<Sets> sets,
        Optional<Linear> linear) {
    private static final int CATEGORICAL = 1;
    private static final int DEFAULT_LEFT = 2;
    private static final int MISSING_SHIFT = 2;

    /** What counts as missing in a split. */
    enum Missing {
        NOTHING,
        ZERO,
        NAN
    }

    /**
     * The sets of categories that go left, as bits.
     *
     * @param starts of each set's words; one more than there are sets
     */
    record Sets(int[] starts, int[] words) {
        int count() {
            return starts.length - 1;
        }
    }

    /**
     * A linear function in each leaf.
     *
     * @param starts of each leaf's terms; one more than there are leaves
     */
    record Linear(double[] constants, int[] starts, int[] features, double[] factors) {}

    int splits() {
        return feature.length;
    }

    int leaves() {
        return values.length;
    }

    boolean isCategorical(int split) {
        return (decision[split] & CATEGORICAL) != 0;
    }

    boolean defaultLeft(int split) {
        return (decision[split] & DEFAULT_LEFT) != 0;
    }

    static int missingOrdinal(int decision) {
        return decision >> MISSING_SHIFT & 3;
    }

    Missing missing(int split) {
        return switch (missingOrdinal(decision[split])) {
            case 0 -> Missing.NOTHING;
            case 1 -> Missing.ZERO;
            default -> Missing.NAN;
        };
    }
}
