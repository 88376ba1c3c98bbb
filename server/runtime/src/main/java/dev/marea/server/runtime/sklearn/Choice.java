package dev.marea.server.runtime.sklearn;

/** How a row's scores choose a class. */
enum Choice {
    /** The highest score: there is one for each class. */
    HIGHEST,
    /** The highest score; of two classes with one score, the second above zero. */
    ABOVE_ZERO,
    /** As above, but zero itself chooses the second. */
    FROM_ZERO;

    int[] of(Matrix scores) {
        var chosen = new int[scores.rows()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = scores.columns() == 1 ? only(scores.values()[row]) : highest(scores, row);
        }
        return chosen;
    }

    private int only(double score) {
        return switch (this) {
            case HIGHEST -> 0;
            case ABOVE_ZERO -> score > 0 ? 1 : 0;
            case FROM_ZERO -> score >= 0 ? 1 : 0;
        };
    }

    private static int highest(Matrix scores, int row) {
        int from = row * scores.columns();
        int best = 0;
        for (int k = 1; k < scores.columns(); k++) {
            if (scores.values()[from + k] > scores.values()[from + best]) {
                best = k;
            }
        }
        return best;
    }

    static int[] lowest(Matrix distances) {
        var chosen = new int[distances.rows()];
        for (int row = 0; row < chosen.length; row++) {
            for (int k = 1; k < distances.columns(); k++) {
                if (distances.at(row, k) < distances.at(row, chosen[row])) {
                    chosen[row] = k;
                }
            }
        }
        return chosen;
    }
}
