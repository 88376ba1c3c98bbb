package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.List;
import java.util.Map;

/** Partial least squares: rows and targets through a few directions that both share. */
final class LatentStructures {
    private LatentStructures() {}

    static Estimator read(State state) throws LoadFailure {
        var mean = state.vector("_x_mean");
        var predict = predict(state, mean);
        boolean flat = state.flag("_predict_1d", false);
        return new ByMethod(
                List.of(),
                flat && predict.columnsOut() == 1,
                false,
                Map.of(
                        Method.PREDICT,
                        predict,
                        Method.TRANSFORM,
                        scores(state, mean, "x_rotations_")));
    }

    static Estimator transformer(State state) throws LoadFailure {
        return new Transformer(scores(state, state.vector("_x_mean"), "x_weights_"));
    }

    private static Step scores(State state, double[] mean, String name) throws LoadFailure {
        var directions = state.matrix(name);
        int columns = mean.length;
        var scale = state.vector("_x_std", columns);
        if (directions.rows() != columns) {
            throw state.failure(name + " is not of one row a column");
        }
        int width = directions.columns();
        return new RowStep(
                columns,
                width,
                (in, from, out, to) -> {
                    for (int j = 0; j < columns; j++) {
                        double value = (in[from + j] - mean[j]) / scale[j];
                        for (int k = 0; k < width; k++) {
                            out[to + k] += value * directions.at(j, k);
                        }
                    }
                });
    }

    /**
     * Before 1.5 the coefficients were of scaled columns; before 1.1 they also lay the other way.
     */
    private static Step predict(State state, double[] mean) throws LoadFailure {
        int columns = mean.length;
        boolean scaled = state.savedBefore(1, 5);
        boolean turned = !state.has("intercept_");
        var weights = turned ? turned(state.matrix("coef_")) : coefficients(state);
        int targets = weights.rows();
        if (weights.columns() != columns) {
            throw state.failure(
                    "coef_ is of %d columns, not of %d".formatted(weights.columns(), columns));
        }
        var constants = state.vector(turned ? "_y_mean" : "intercept_", targets);
        var scale = state.vector("_x_std", columns);
        return new RowStep(
                columns,
                targets,
                (in, from, out, to) -> {
                    for (int k = 0; k < targets; k++) {
                        double sum = 0;
                        for (int j = 0; j < columns; j++) {
                            double apart = in[from + j] - mean[j];
                            sum += (scaled ? apart / scale[j] : apart) * weights.at(k, j);
                        }
                        out[to + k] = sum + constants[k];
                    }
                });
    }

    private static Matrix coefficients(State state) throws LoadFailure {
        return state.matrix(state.has("coef_") ? "coef_" : "_coef_");
    }

    private static Matrix turned(Matrix matrix) {
        var values = new double[matrix.values().length];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                values[j * matrix.rows() + i] = matrix.at(i, j);
            }
        }
        int rows = matrix.columns();
        return new Matrix(rows, matrix.rows(), values);
    }
}
