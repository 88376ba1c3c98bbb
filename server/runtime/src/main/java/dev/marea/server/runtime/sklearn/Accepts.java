package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** Which numbers an estimator takes; the library refuses the same ones. */
enum Accepts {
    FINITE(false, Double.MAX_VALUE),
    FINITE_OR_NAN(true, Double.MAX_VALUE),
    /** Trees compare in single precision, where a large number is infinite. */
    FLOAT(false, Float.MAX_VALUE),
    FLOAT_OR_NAN(true, Float.MAX_VALUE);

    private final boolean nan;
    private final double largest;

    Accepts(boolean nan, double largest) {
        this.nan = nan;
        this.largest = largest;
    }

    boolean nan() {
        return nan;
    }

    void check(Matrix matrix, String field) throws BadInput {
        var values = matrix.values();
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            if (!(Math.abs(value) <= largest) && !(nan && Double.isNaN(value))) {
                throw refusal(matrix, i, field);
            }
        }
    }

    private BadInput refusal(Matrix matrix, int index, String field) {
        double value = matrix.values()[index];
        var limit =
                Double.isNaN(value)
                        ? "takes no NaN"
                        : "takes finite numbers of at most %s".formatted(largest);
        return new BadInput(
                field,
                "%s, but row %d, column %d is %s"
                        .formatted(
                                limit, index / matrix.columns(), index % matrix.columns(), value));
    }
}
