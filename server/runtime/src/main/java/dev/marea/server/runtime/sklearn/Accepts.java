package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** Which numbers an estimator takes; the library refuses the same ones. */
enum Accepts {
    FINITE(false, Double.MAX_VALUE),
    FINITE_OR_NAN(true, Double.MAX_VALUE),
    /** Trees compare in single precision, where a large number is infinite. */
    FLOAT(false, Float.MAX_VALUE),
    FLOAT_OR_NAN(true, Float.MAX_VALUE),
    /** It looks at nothing, or checks what it hands on. */
    ANYTHING(true, Double.POSITIVE_INFINITY);

    private final boolean nan;
    private final double largest;

    Accepts(boolean nan, double largest) {
        this.nan = nan;
        this.largest = largest;
    }

    boolean nan() {
        return nan;
    }

    /** What both take. */
    Accepts and(Accepts other) {
        boolean bothNan = nan && other.nan;
        double lowest = Math.min(largest, other.largest);
        for (var accepts : values()) {
            if (accepts.nan == bothNan && accepts.largest == lowest) {
                return accepts;
            }
        }
        return bothNan ? FLOAT_OR_NAN : FLOAT;
    }

    void check(Data rows, String field) throws BadInput {
        if (this == ANYTHING) {
            return;
        }
        switch (rows) {
            case Matrix(_, int columns, var values) -> check(values, columns, 0, field);
            case Sparse sparse -> check(sparse, field);
            case Table table -> {
                for (int column = 0; column < table.columns(); column++) {
                    if (table.cells().get(column) instanceof Table.Numbers(var values)) {
                        check(values, 1, column, field);
                    }
                }
            }
        }
    }

    private void check(double[] values, int columns, int first, String field) throws BadInput {
        for (int i = 0; i < values.length; i++) {
            if (!takes(values[i])) {
                throw refusal(values[i], i / columns, first + i % columns, field);
            }
        }
    }

    private void check(Sparse rows, String field) throws BadInput {
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
                if (!takes(rows.values()[i])) {
                    throw refusal(rows.values()[i], row, rows.positions()[i], field);
                }
            }
        }
    }

    private boolean takes(double value) {
        return Math.abs(value) <= largest || (nan && Double.isNaN(value));
    }

    private BadInput refusal(double value, int row, int column, String field) {
        var limit =
                Double.isNaN(value)
                        ? "takes no NaN"
                        : "takes finite numbers of at most %s".formatted(largest);
        return new BadInput(
                field, "%s, but row %d, column %d is %s".formatted(limit, row, column, value));
    }
}
