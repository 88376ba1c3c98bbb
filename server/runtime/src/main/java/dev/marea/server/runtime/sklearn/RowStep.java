package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/** A step that takes one row after another. */
record RowStep(int columnsIn, int columnsOut, Accepts accepts, RowFunction function)
        implements NumericStep {

    /** Reads a row of {@code in} and writes all of its answer to {@code out}, which is zero. */
    @FunctionalInterface
    interface RowFunction {
        void apply(double[] in, int from, double[] out, int to) throws BadInput;
    }

    RowStep(int columnsIn, int columnsOut, RowFunction function) {
        this(columnsIn, columnsOut, Accepts.FINITE, function);
    }

    @Override
    public Matrix apply(Matrix rows) throws BadInput {
        var out = new double[Math.multiplyExact(rows.rows(), columnsOut)];
        for (int row = 0; row < rows.rows(); row++) {
            function.apply(rows.values(), row * columnsIn, out, row * columnsOut);
        }
        return new Matrix(rows.rows(), columnsOut, out);
    }
}
