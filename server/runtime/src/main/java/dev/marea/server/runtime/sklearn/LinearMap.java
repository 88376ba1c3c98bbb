package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.function.DoubleUnaryOperator;

/**
 * Weighted sums of a row and a constant each, perhaps through a function.
 *
 * @param weights one row an output
 */
record LinearMap(Matrix weights, double[] constants, DoubleUnaryOperator then)
        implements SparseStep {
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

    /** The sums of the few numbers that are not zero. */
    @Override
    public Matrix apply(Sparse rows) throws BadInput {
        int outputs = columnsOut();
        Data.room(rows.rows(), outputs);
        var out = new double[rows.rows() * outputs];
        for (int row = 0; row < rows.rows(); row++) {
            for (int k = 0; k < outputs; k++) {
                out[row * outputs + k] = then.applyAsDouble(sum(rows, row, k) + constants[k]);
            }
        }
        return new Matrix(rows.rows(), outputs, out);
    }

    private double sum(Sparse rows, int row, int output) {
        int w = output * columnsIn();
        double sum = 0;
        for (int i = rows.starts()[row]; i < rows.starts()[row + 1]; i++) {
            sum += rows.values()[i] * weights.values()[w + rows.positions()[i]];
        }
        return sum;
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
