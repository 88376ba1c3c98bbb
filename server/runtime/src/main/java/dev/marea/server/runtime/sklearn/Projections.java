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
