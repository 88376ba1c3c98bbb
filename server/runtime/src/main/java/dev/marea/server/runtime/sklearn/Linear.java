package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** Small systems of linear equations. */
final class Linear {
    /** The work grows with the cube. */
    private static final int SIZE_MAX = 1000;

    private Linear() {}

    /** The inverse of a square matrix, by elimination with the largest pivot. */
    static Matrix inverse(State state, Matrix square) throws LoadFailure {
        int n = square.rows();
        if (n > SIZE_MAX) {
            throw state.unsupported("more than %d components".formatted(SIZE_MAX));
        }
        state.charge(2L * n * n);
        var a = square.values().clone();
        var out = new double[n * n];
        for (int i = 0; i < n; i++) {
            out[i * n + i] = 1;
        }
        for (int column = 0; column < n; column++) {
            int pivot = pivot(a, n, column);
            if (!(Math.abs(a[pivot * n + column]) > 0)) {
                throw state.failure("its components depend on one another");
            }
            swap(a, n, pivot, column);
            swap(out, n, pivot, column);
            double by = a[column * n + column];
            for (int j = 0; j < n; j++) {
                a[column * n + j] /= by;
                out[column * n + j] /= by;
            }
            for (int row = 0; row < n; row++) {
                double factor = row == column ? 0 : a[row * n + column];
                for (int j = 0; factor != 0 && j < n; j++) {
                    a[row * n + j] -= factor * a[column * n + j];
                    out[row * n + j] -= factor * out[column * n + j];
                }
            }
        }
        return new Matrix(n, n, out);
    }

    private static int pivot(double[] a, int n, int column) {
        int best = column;
        for (int row = column + 1; row < n; row++) {
            if (Math.abs(a[row * n + column]) > Math.abs(a[best * n + column])) {
                best = row;
            }
        }
        return best;
    }

    private static void swap(double[] a, int n, int one, int other) {
        for (int j = 0; one != other && j < n; j++) {
            double kept = a[one * n + j];
            a[one * n + j] = a[other * n + j];
            a[other * n + j] = kept;
        }
    }

    static Matrix product(Matrix left, Matrix right) {
        var out = new double[Math.multiplyExact(left.rows(), right.columns())];
        for (int i = 0; i < left.rows(); i++) {
            for (int k = 0; k < left.columns(); k++) {
                double factor = left.at(i, k);
                for (int j = 0; j < right.columns(); j++) {
                    out[i * right.columns() + j] += factor * right.at(k, j);
                }
            }
        }
        return new Matrix(left.rows(), right.columns(), out);
    }
}
