package dev.marea.server.runtime.sklearn;

import java.util.function.DoubleUnaryOperator;

/**
 * Weighted sums of a row and a constant each, perhaps through a function.
 *
 * @param weights one row an output
 */
record LinearMap(Matrix weights, double[] constants, DoubleUnaryOperator then) implements Step {
    LinearMap {
        if (weights.rows() != constants.length) {
            throw new IllegalArgumentException("needs one constant an output");
        }
    }

    LinearMap(Matrix weights, double[] constants) {
        this(weights, constants, DoubleUnaryOperator.identity());
    }

    @Override
    public int columnsIn() {
        return weights.columns();
    }

    @Override
    public int columnsOut() {
        return weights.rows();
    }

    @Override
    public Matrix apply(Matrix rows) {
        int outputs = columnsOut();
        var out = new double[Math.multiplyExact(rows.rows(), outputs)];
        for (int row = 0; row < rows.rows(); row++) {
            for (int k = 0; k < outputs; k++) {
                out[row * outputs + k] = then.applyAsDouble(sum(rows, row, k) + constants[k]);
            }
        }
        return new Matrix(rows.rows(), outputs, out);
    }

    private double sum(Matrix rows, int row, int output) {
        int columns = columnsIn();
        int x = row * columns;
        int w = output * columns;
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += rows.values()[x + j] * weights.values()[w + j];
        }
        return sum;
    }
}
