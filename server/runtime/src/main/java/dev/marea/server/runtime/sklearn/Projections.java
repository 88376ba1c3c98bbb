package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;

/** Projections onto fewer columns. */
final class Projections {
    private Projections() {}

    /** Components of a row after the mean is taken away. */
    static Estimator pca(State state) throws LoadFailure {
        var components = state.matrix("components_");
        var mean =
                state.has("mean_")
                        ? state.vector("mean_", components.columns())
                        : new double[components.columns()];
        var weights = components.values();
        if (state.flag("whiten", false)) {
            var variance = state.vector("explained_variance_", components.rows());
            for (int i = 0; i < weights.length; i++) {
                weights[i] /=
                        Math.sqrt(Math.max(variance[i / components.columns()], Math.ulp(1.0)));
            }
        }
        return new Transformer(new LinearMap(components, constants(components, mean)));
    }

    static Estimator truncatedSvd(State state) throws LoadFailure {
        var components = state.matrix("components_");
        return new Transformer(new LinearMap(components, new double[components.rows()]));
    }

    /** Random directions, which may be mostly zeros. */
    static Estimator random(State state) throws LoadFailure {
        var components = CompressedRows.matrix(state, "components_");
        return new Transformer(new LinearMap(components, new double[components.rows()]));
    }

    /** Independent sources: the mean is taken away where the rows were whitened. */
    static Estimator independent(State state) throws LoadFailure {
        var components = state.matrix("components_");
        var constants =
                state.has("mean_")
                        ? constants(components, state.vector("mean_", components.columns()))
                        : new double[components.rows()];
        return new Transformer(new LinearMap(components, constants));
    }

    /** What the hidden factors are expected to be. */
    static Estimator factors(State state) throws LoadFailure {
        var components = state.matrix("components_");
        var noise = state.vector("noise_variance_", components.columns());
        state.charge(components.values().length);
        var scaled = components.values().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= noise[i % noise.length];
        }
        var weighted = new Matrix(components.rows(), components.columns(), scaled);
        return shrunk(state, components, weighted, 1);
    }

    /** Sparse components: the least squares of a row, kept small by a ridge. */
    static Estimator sparse(State state) throws LoadFailure {
        var components = state.matrix("components_");
        return shrunk(state, components, components, state.number("ridge_alpha"));
    }

    /** (weighted componentsᵀ + ridge)⁻¹ weighted, of a row without the mean. */
    private static Estimator shrunk(State state, Matrix components, Matrix weighted, double ridge)
            throws LoadFailure {
        int count = components.rows();
        int columns = components.columns();
        state.charge((long) count * count + components.values().length);
        var square = new double[Math.multiplyExact(count, count)];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                square[i * count + j] =
                        Kernel.dot(
                                weighted.values(),
                                i * columns,
                                components.values(),
                                j * columns,
                                columns);
            }
            square[i * count + i] += ridge;
        }
        var inverse = Linear.inverse(state, new Matrix(count, count, square));
        var weights = Linear.product(inverse, weighted);
        return new Transformer(
                new LinearMap(weights, constants(weights, state.vector("mean_", columns))));
    }

    private static double[] constants(Matrix components, double[] mean) {
        var constants = new double[components.rows()];
        for (int k = 0; k < constants.length; k++) {
            for (int j = 0; j < mean.length; j++) {
                constants[k] -= mean[j] * components.at(k, j);
            }
        }
        return constants;
    }
}
