package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/** The rows that a model kept, and what another row is to each: how alike, or how far. */
sealed interface Kept {
    int rows();

    int columns();

    /** What all comparisons with a row share. */
    double square(double[] in, int from);

    double compare(double[] in, int from, double square, int row);

    /** Of two rows, by the numbers in them. */
    @FunctionalInterface
    interface Comparison {
        double of(double[] a, int fromA, double[] b, int fromB, int columns);
    }

    /** Of two rows, by their product and squared lengths: all that sparse rows are good at. */
    @FunctionalInterface
    interface ByProduct {
        double of(double product, double squareA, double squareB);
    }

    /** Finds how sparse rows compare, or says that they cannot. */
    @FunctionalInterface
    interface Products {
        ByProduct find() throws LoadFailure;
    }

    record Full(Matrix kept, Comparison comparison) implements Kept {
        @Override
        public int rows() {
            return kept.rows();
        }

        @Override
        public int columns() {
            return kept.columns();
        }

        @Override
        public double square(double[] in, int from) {
            return 0;
        }

        @Override
        public double compare(double[] in, int from, double square, int row) {
            int n = kept.columns();
            return comparison.of(in, from, kept.values(), row * n, n);
        }
    }

    record Few(CompressedRows kept, double[] squares, ByProduct comparison) implements Kept {
        @Override
        public int rows() {
            return kept.rows();
        }

        @Override
        public int columns() {
            return kept.columns();
        }

        @Override
        public double square(double[] in, int from) {
            return Kernel.dot(in, from, in, from, kept.columns());
        }

        @Override
        public double compare(double[] in, int from, double square, int row) {
            return comparison.of(kept.dot(in, from, row), square, squares[row]);
        }
    }

    static Kept read(State state, String name, Comparison comparison, Products products)
            throws LoadFailure {
        if (!CompressedRows.is(state, name)) {
            return new Full(state.matrix(name), comparison);
        }
        var rows = CompressedRows.read(state, name);
        return new Few(rows, rows.squares(), products.find());
    }
}
