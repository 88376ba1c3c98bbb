package dev.marea.server.runtime.sklearn;

/** How scores become probabilities. */
enum Link {
    /** They do not. */
    NONE,
    /** The scores are probabilities: trees. */
    IDENTITY,
    /** Each class against the rest, brought to a sum of one. */
    LOGISTIC,
    SOFTMAX,
    /** A model of two classes that was fitted as multinomial: softmax of -score and score. */
    SOFTMAX_OF_PAIR,
    /** AdaBoost's loss in gradient boosting. */
    LOGISTIC_OF_DOUBLE,
    MODIFIED_HUBER;

    /** Probabilities of rows; may reuse the scores' array. */
    Matrix probabilities(Matrix scores) {
        return switch (this) {
            case NONE -> throw new IllegalStateException("asked only if offered");
            case IDENTITY -> scores;
            case LOGISTIC -> each(scores, 1, false);
            case SOFTMAX_OF_PAIR, LOGISTIC_OF_DOUBLE -> each(scores, 2, false);
            case SOFTMAX -> softmax(scores);
            case MODIFIED_HUBER -> each(scores, 1, true);
        };
    }

    private static Matrix each(Matrix scores, double factor, boolean huber) {
        var values = scores.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = huber ? clipped(values[i]) : logistic(factor * values[i]);
        }
        return scores.columns() == 1 ? pair(scores) : normalized(scores);
    }

    private static double clipped(double score) {
        return (Math.clamp(score, -1.0, 1.0) + 1) / 2;
    }

    static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static Matrix pair(Matrix seconds) {
        var both = new double[2 * seconds.rows()];
        for (int row = 0; row < seconds.rows(); row++) {
            both[2 * row] = 1 - seconds.values()[row];
            both[2 * row + 1] = seconds.values()[row];
        }
        return new Matrix(seconds.rows(), 2, both);
    }

    private static Matrix normalized(Matrix scores) {
        int k = scores.columns();
        var values = scores.values();
        for (int from = 0; from < values.length; from += k) {
            double sum = 0;
            for (int i = from; i < from + k; i++) {
                sum += values[i];
            }
            for (int i = from; i < from + k; i++) {
                values[i] = sum == 0 ? 1.0 / k : values[i] / sum;
            }
        }
        return scores;
    }

    private static Matrix softmax(Matrix scores) {
        int k = scores.columns();
        var values = scores.values();
        for (int from = 0; from < values.length; from += k) {
            double highest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < from + k; i++) {
                highest = Math.max(highest, values[i]);
            }
            for (int i = from; i < from + k; i++) {
                values[i] = Math.exp(values[i] - highest);
            }
        }
        return normalized(scores);
    }
}
