package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Regressors whose target was transformed, and whose answers are transformed back. */
final class Targets {
    private static final double BOUND = 1e-7;

    private Targets() {}

    static Estimator read(State state) throws LoadFailure {
        var estimator = state.estimator(state.needed("regressor_"));
        var predict = Parts.way(state, estimator, Method.PREDICT);
        int width = predict.columnsOut();
        var back = back(state.part("transformer_"), width);
        boolean flat = width == 1 && state.size("_training_dim") == 1;
        return new Regressor(
                Then.rowwise(
                        predict,
                        width,
                        (in, from, out, to) -> {
                            for (int k = 0; k < width; k++) {
                                out[to + k] = back[k].applyAsDouble(in[from + k]);
                            }
                        }),
                flat);
    }

    /** A transformer's inverse, a function for each column. */
    private static DoubleUnaryOperator[] back(State transformer, int width) throws LoadFailure {
        return switch (transformer.type()) {
            case "FunctionTransformer" -> all(Functions.inverse(transformer), width);
            case "StandardScaler" ->
                    scaled(
                            some(transformer, "scale_", width, 1),
                            some(transformer, "mean_", width, 0));
            case "RobustScaler" ->
                    scaled(
                            some(transformer, "scale_", width, 1),
                            some(transformer, "center_", width, 0));
            case "MaxAbsScaler" -> scaled(transformer.vector("scale_", width), new double[width]);
            case "MinMaxScaler" ->
                    minMax(transformer.vector("scale_", width), transformer.vector("min_", width));
            case "PowerTransformer" -> power(transformer, width);
            case "QuantileTransformer" -> quantiles(transformer, width);
            default ->
                    throw transformer.unsupported(
                            "turning back the target's " + transformer.type());
        };
    }

    private static DoubleUnaryOperator[] all(DoubleUnaryOperator function, int width) {
        var all = new DoubleUnaryOperator[width];
        Arrays.fill(all, function);
        return all;
    }

    private static double[] some(State state, String name, int width, double otherwise)
            throws LoadFailure {
        if (state.has(name)) {
            return state.vector(name, width);
        }
        var all = new double[width];
        Arrays.fill(all, otherwise);
        return all;
    }

    private static DoubleUnaryOperator[] scaled(double[] scale, double[] centre) {
        var back = new DoubleUnaryOperator[scale.length];
        Arrays.setAll(back, k -> value -> value * scale[k] + centre[k]);
        return back;
    }

    private static DoubleUnaryOperator[] minMax(double[] scale, double[] least) {
        var back = new DoubleUnaryOperator[scale.length];
        Arrays.setAll(back, k -> value -> (value - least[k]) / scale[k]);
        return back;
    }

    private static DoubleUnaryOperator[] power(State state, int width) throws LoadFailure {
        var lambdas = state.vector("lambdas_", width);
        var before = all(DoubleUnaryOperator.identity(), width);
        if (state.flag("standardize", true)) {
            before = back(state.part("_scaler"), width);
        }
        boolean boxCox = state.text("method").orElse("").equals("box-cox");
        var back = new DoubleUnaryOperator[width];
        for (int k = 0; k < width; k++) {
            double lambda = lambdas[k];
            DoubleUnaryOperator inverse =
                    boxCox ? x -> boxCox(x, lambda) : x -> yeoJohnson(x, lambda);
            back[k] = before[k].andThen(inverse);
        }
        return back;
    }

    private static double boxCox(double x, double lambda) {
        return lambda == 0 ? Math.exp(x) : Math.exp(Math.log1p(lambda * x) / lambda);
    }

    private static double yeoJohnson(double x, double lambda) {
        if (x >= 0) {
            return Math.abs(lambda) < Math.ulp(1.0)
                    ? Math.exp(x) - 1
                    : Math.pow(x * lambda + 1, 1 / lambda) - 1;
        }
        return Math.abs(lambda - 2) > Math.ulp(1.0)
                ? 1 - Math.pow(-(2 - lambda) * x + 1, 1 / (2 - lambda))
                : 1 - Math.exp(-x);
    }

    private static DoubleUnaryOperator[] quantiles(State state, int width) throws LoadFailure {
        var references = state.vector("references_");
        var quantiles = state.matrix("quantiles_");
        int count = references.length;
        if (quantiles.columns() != width || quantiles.rows() != count || count < 1) {
            throw state.failure("quantiles_ is not of one column a target");
        }
        boolean normal = state.text("output_distribution").orElse("").equals("normal");
        var back = new DoubleUnaryOperator[width];
        for (int k = 0; k < width; k++) {
            var heights = new double[count];
            for (int i = 0; i < count; i++) {
                heights[i] = quantiles.at(i, k);
            }
            back[k] = value -> quantile(value, normal, references, heights);
        }
        return back;
    }

    private static double quantile(
            double value, boolean normal, double[] references, double[] heights) {
        double share = normal ? Erf.normalShare(value) : value;
        double spare = normal ? BOUND : 0;
        // The lower bound is looked at last and wins, as in the library.
        if (normal ? share - spare < 0 : share == 0) {
            return heights[0];
        }
        if (normal ? share + spare > 1 : share == 1) {
            return heights[heights.length - 1];
        }
        return Lines.at(references, heights, share);
    }
}
