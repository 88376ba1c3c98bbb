package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** Tables that scipy may have kept as compressed rows: read as full ones. */
final class CompressedRows {
    private CompressedRows() {}

    static Matrix matrix(State state, String name) throws LoadFailure {
        if (state.rank(name) > 0) {
            return state.matrix(name);
        }
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
        csr.charge((long) rows * columns);
        return filled(csr, rows, columns);
    }

    private static Matrix filled(State csr, int rows, int columns) throws LoadFailure {
        var starts = csr.vector("indptr", rows + 1);
        var data = csr.vector("data");
        var indices = csr.vector("indices", data.length);
        var values = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            if (!(starts[row] >= 0
                    && starts[row] <= starts[row + 1]
                    && starts[row + 1] <= data.length)) {
                throw csr.failure("indptr is not in order");
            }
            for (int i = (int) starts[row]; i < (int) starts[row + 1]; i++) {
                if (!(indices[i] >= 0 && indices[i] < columns)) {
                    throw csr.failure("indices has " + indices[i] + " of " + columns + " columns");
                }
                values[row * columns + (int) indices[i]] += data[i];
            }
        }
        return new Matrix(rows, columns, values);
    }

    private static int size(State csr, double value) throws LoadFailure {
        if (!(value >= 0 && value < Integer.MAX_VALUE)) {
            throw csr.failure("_shape has " + value);
        }
        return (int) value;
    }
}
