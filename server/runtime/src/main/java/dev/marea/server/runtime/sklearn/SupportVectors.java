package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;

/**
 * The rows that a support vector machine kept, in groups by class, and the weights of each against
 * the other classes.
 *
 * @param weights one row for each other class
 * @param starts where the vectors of a class begin, and where the last ends
 */
record SupportVectors(Kept vectors, Matrix weights, double[] constants, int[] starts) {

    static SupportVectors read(State state, int classes) throws LoadFailure {
        var vectors = Kept.read(state, "support_vectors_", kernel(state), () -> ofProducts(state));
        var weights = CompressedRows.matrix(state, "_dual_coef_");
        int machines = classes == 0 ? 1 : classes * (classes - 1) / 2;
        if (weights.columns() != vectors.rows() || weights.rows() != Math.max(1, classes - 1)) {
            throw state.failure(
                    "_dual_coef_ is %d x %d for %d support vectors"
                            .formatted(weights.rows(), weights.columns(), vectors.rows()));
        }
        var constants = state.vector("_intercept_", machines);
        return new SupportVectors(
                vectors, weights, constants, starts(state, classes, vectors.rows()));
    }

    private static Kernel kernel(State state) throws LoadFailure {
        return Kernel.named(
                state,
                state.text("kernel").orElse(""),
                state.number("_gamma"),
                state.number("coef0"),
                state.number("degree"));
    }

    private static Kept.ByProduct ofProducts(State state) throws LoadFailure {
        return Kernel.ofProducts(
                state,
                state.text("kernel").orElse(""),
                state.number("_gamma"),
                state.number("coef0"),
                state.number("degree"));
    }

    private static int[] starts(State state, int classes, int vectors) throws LoadFailure {
        if (classes == 0) {
            return new int[] {0, vectors};
        }
        var counts = state.vector("_n_support", classes);
        var starts = new int[classes + 1];
        for (int k = 0; k < classes; k++) {
            if (!(counts[k] >= 0 && counts[k] <= vectors)) {
                throw state.failure("_n_support has the count " + counts[k]);
            }
            starts[k + 1] = starts[k] + (int) counts[k];
        }
        if (starts[classes] != vectors) {
            throw state.failure(
                    "_n_support counts %d support vectors of %d"
                            .formatted(starts[classes], vectors));
        }
        return starts;
    }

    int columns() {
        return vectors.columns();
    }

    int machines() {
        return constants.length;
    }

    /** The one sum of a regression or of novelty. */
    void sum(double[] in, int from, double[] out, int to) {
        double square = vectors.square(in, from);
        for (int v = 0; v < vectors.rows(); v++) {
            out[to] += weights.values()[v] * vectors.compare(in, from, square, v);
        }
        out[to] += constants[0];
    }

    /** One number for each pair of classes: above zero speaks for the first. */
    void pairs(double[] in, int from, double[] out, int to) {
        int classes = starts.length - 1;
        var like = new double[vectors.rows()];
        double square = vectors.square(in, from);
        for (int v = 0; v < like.length; v++) {
            like[v] = vectors.compare(in, from, square, v);
        }
        int pair = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = i + 1; j < classes; j++) {
                out[to + pair] = side(like, i, j - 1) + side(like, j, i) + constants[pair];
                pair++;
            }
        }
    }

    private double side(double[] like, int group, int row) {
        double sum = 0;
        int at = row * weights.columns();
        for (int v = starts[group]; v < starts[group + 1]; v++) {
            sum += weights.values()[at + v] * like[v];
        }
        return sum;
    }
}
