package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.Arrays;
import java.util.List;

/** How alike rows are to some that are kept, as columns: Nystroem, KernelPCA, RBFSampler. */
final class KernelMaps {
    private KernelMaps() {}

    /** The kernel of each row with each of the kept ones. */
    record Likeness(Matrix kept, Kernel kernel) implements NumericStep {
        @Override
        public int columnsIn() {
            return kept.columns();
        }

        @Override
        public int columnsOut() {
            return kept.rows();
        }

        @Override
        public Matrix apply(Matrix rows) {
            int width = kept.rows();
            int columns = kept.columns();
            var out = new double[Math.multiplyExact(rows.rows(), width)];
            for (int row = 0; row < rows.rows(); row++) {
                for (int k = 0; k < width; k++) {
                    out[row * width + k] =
                            kernel.of(
                                    rows.values(),
                                    row * columns,
                                    kept.values(),
                                    k * columns,
                                    columns);
                }
            }
            return new Matrix(rows.rows(), width, out);
        }
    }

    static Estimator nystroem(State state) throws LoadFailure {
        refuseParameters(state, "kernel_params");
        var kept = state.matrix("components_");
        var likeness = new Likeness(kept, kernel(state, 1.0 / kept.columns()));
        var weights = state.matrix("normalization_");
        if (weights.columns() != kept.rows()) {
            throw state.failure("normalization_ does not fit components_");
        }
        return chain(likeness, new LinearMap(weights, new double[weights.rows()]));
    }

    /** Centred as the kept rows are, which is one constant and one mean more. */
    static Estimator pca(State state) throws LoadFailure {
        refuseParameters(state, "kernel_params");
        var kept = state.matrix("X_fit_");
        double gamma = 1.0 / kept.columns();
        var likeness =
                new Likeness(
                        kept,
                        state.has("gamma_")
                                ? kernel(state, state.number("gamma_"))
                                : kernel(state, gamma));
        var centre = state.part("_centerer");
        var means = centre.vector("K_fit_rows_", kept.rows());
        double all = centre.number("K_fit_all_");
        return chain(likeness, centred(means, all), axes(state, kept.rows()));
    }

    private static Step centred(double[] means, double all) {
        return new RowStep(
                means.length,
                means.length,
                (in, from, out, to) -> {
                    double sum = 0;
                    for (int k = 0; k < means.length; k++) {
                        sum += in[from + k];
                    }
                    for (int k = 0; k < means.length; k++) {
                        out[to + k] = in[from + k] - means[k] - sum / means.length + all;
                    }
                });
    }

    private static Step axes(State state, int kept) throws LoadFailure {
        // Before 1.0 they were called lambdas_ and alphas_.
        boolean old = !state.has("eigenvectors_");
        var vectors = state.matrix(old ? "alphas_" : "eigenvectors_");
        var values = state.vector(old ? "lambdas_" : "eigenvalues_", vectors.columns());
        if (vectors.rows() != kept) {
            throw state.failure("its eigenvectors do not fit the rows that it kept");
        }
        state.charge(vectors.values().length);
        var weights = new double[vectors.values().length];
        for (int axis = 0; axis < values.length; axis++) {
            for (int row = 0; row < kept && values[axis] != 0; row++) {
                weights[axis * kept + row] = vectors.at(row, axis) / Math.sqrt(values[axis]);
            }
        }
        return new LinearMap(new Matrix(values.length, kept, weights), new double[values.length]);
    }

    /** Random waves: their cosines are about as alike as the rows. */
    static Estimator waves(State state) throws LoadFailure {
        var weights = transposed(state, "random_weights_");
        var offsets = state.vector("random_offset_", weights.rows());
        double scale = Math.sqrt(2.0 / weights.rows());
        return new Transformer(new LinearMap(weights, offsets, x -> Math.cos(x) * scale));
    }

    private static Matrix transposed(State state, String name) throws LoadFailure {
        var matrix = state.matrix(name);
        state.charge(matrix.values().length);
        var turned = new double[matrix.values().length];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                turned[column * matrix.rows() + row] = matrix.at(row, column);
            }
        }
        return new Matrix(matrix.columns(), matrix.rows(), turned);
    }

    private static Kernel kernel(State state, double gammaOtherwise) throws LoadFailure {
        double gamma = state.has("gamma") ? state.number("gamma") : gammaOtherwise;
        double constant = state.has("coef0") ? state.number("coef0") : 1;
        double degree = state.has("degree") ? state.number("degree") : 3;
        return Kernel.named(state, state.text("kernel").orElse(""), gamma, constant, degree);
    }

    private static void refuseParameters(State state, String name) throws LoadFailure {
        if (state.has(name) && state.needed(name) != PyValue.None.NONE) {
            throw state.unsupported(name);
        }
    }

    private static Estimator chain(Step... steps) {
        return new Transformer(new Pipeline.Chain(List.copyOf(Arrays.asList(steps))));
    }
}
