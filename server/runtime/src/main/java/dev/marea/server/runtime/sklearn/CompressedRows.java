package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/**
 * A table as scipy keeps one that is mostly zeros.
 *
 * @param starts where each row begins in the two arrays, and where the last one ends
 * @param positions the columns of the kept numbers
 */
record CompressedRows(int columns, int[] starts, int[] positions, double[] values) {

    static boolean is(State state, String name) {
        return state.rank(name) == 0 && state.has(name);
    }

    static CompressedRows read(State state, String name) throws LoadFailure {
        var csr = state.part(name);
        if (!csr.type().startsWith("csr_")) {
            throw csr.unsupported("a sparse table that is not of compressed rows");
        }
        var shape = csr.items("_shape");
        if (shape.size() != 2) {
            throw csr.failure("_shape must be of two numbers");
        }
        int rows = size(csr, csr.number(shape.get(0), "_shape"));
        int columns = size(csr, csr.number(shape.get(1), "_shape"));
        var values = csr.vector("data");
        var starts = csr.indices(csr.needed("indptr"), "indptr", values.length + 1);
        var positions = csr.indices(csr.needed("indices"), "indices", columns);
        if (starts.length != rows + 1 || positions.length != values.length) {
            throw csr.failure(
                    "%d indices and %d values in %d of %d rows"
                            .formatted(positions.length, values.length, starts.length - 1, rows));
        }
        for (int row = 0; row < rows; row++) {
            if (starts[row] > starts[row + 1]) {
                throw csr.failure("indptr is not in order");
            }
        }
        return new CompressedRows(columns, starts, positions, values);
    }

    /** A table written out in full, however it was kept. */
    static Matrix matrix(State state, String name) throws LoadFailure {
        if (!is(state, name)) {
            return state.matrix(name);
        }
        var sparse = read(state, name);
        state.charge((long) sparse.rows() * sparse.columns);
        return sparse.dense();
    }

    int rows() {
        return starts.length - 1;
    }

    private Matrix dense() {
        var all = new double[Math.multiplyExact(rows(), columns)];
        for (int row = 0; row < rows(); row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                all[row * columns + positions[i]] += values[i];
            }
        }
        return new Matrix(rows(), columns, all);
    }

    double dot(double[] in, int from, int row) {
        double sum = 0;
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            sum += in[from + positions[i]] * values[i];
        }
        return sum;
    }

    /** The squared length of each row. */
    double[] squares() {
        var squares = new double[rows()];
        for (int row = 0; row < squares.length; row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                squares[row] += values[i] * values[i];
            }
        }
        return squares;
    }

    private static int size(State csr, double value) throws LoadFailure {
        if (!(value >= 0 && value < Integer.MAX_VALUE)) {
            throw csr.failure("_shape has " + value);
        }
        return (int) value;
    }
}
