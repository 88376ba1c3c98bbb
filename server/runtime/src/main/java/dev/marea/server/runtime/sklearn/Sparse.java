package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;

/**
 * Rows of which only some numbers are kept; the others are zero (compressed sparse rows). A
 * position may occur once a row; positions ascend only where a step says so.
 *
 * @param starts where each row begins in the two arrays, and where the last one ends
 * @param positions the columns of the kept numbers
 */
record Sparse(int columns, int[] starts, int[] positions, double[] values) implements Data {
    @Override
    public int rows() {
        return starts.length - 1;
    }

    @Override
    public Matrix dense() throws BadInput {
        Data.room(rows(), columns);
        var out = new double[rows() * columns];
        for (int row = 0; row < rows(); row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                out[row * columns + positions[i]] = values[i];
            }
        }
        return new Matrix(rows(), columns, out);
    }

    /** The same positions with other numbers. */
    Sparse with(double[] others) {
        return new Sparse(columns, starts, positions, others);
    }
}
