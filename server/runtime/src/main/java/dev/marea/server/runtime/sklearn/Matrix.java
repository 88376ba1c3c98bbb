package dev.marea.server.runtime.sklearn;

/** Rows of numbers in one flat array. Shared, never changed by who did not make it. */
record Matrix(int rows, int columns, double[] values) implements Data {
    Matrix {
        if (rows < 0 || columns < 0 || (long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "%d x %d is not %d values".formatted(rows, columns, values.length));
        }
    }

    double at(int row, int column) {
        return values[row * columns + column];
    }

    @Override
    public Matrix dense() {
        return this;
    }
}
