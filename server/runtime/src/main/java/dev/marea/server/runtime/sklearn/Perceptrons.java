package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Multi-layer perceptrons. */
final class Perceptrons {
    private Perceptrons() {}

    /**
     * Layers of weighted sums, each but the last through a function.
     *
     * @param weights of each layer, a row for each of its inputs
     */
    record Layers(Matrix[] weights, double[][] constants, DoubleUnaryOperator hidden)
            implements NumericStep {
        @Override
        public int columnsIn() {
            return weights[0].rows();
        }

        @Override
        public int columnsOut() {
            return weights[weights.length - 1].columns();
        }

        @Override
        public Matrix apply(Matrix rows) {
            int width = columnsOut();
            var out = new double[Math.multiplyExact(rows.rows(), width)];
            var room = room();
            for (int row = 0; row < rows.rows(); row++) {
                var layer = rows.values();
                int from = row * rows.columns();
                for (int i = 0; i < weights.length; i++) {
                    sums(i, layer, from, room[i]);
                    layer = room[i];
                    from = 0;
                }
                System.arraycopy(layer, 0, out, row * width, width);
            }
            return new Matrix(rows.rows(), width, out);
        }

        private double[][] room() {
            var room = new double[weights.length][];
            for (int i = 0; i < room.length; i++) {
                room[i] = new double[weights[i].columns()];
            }
            return room;
        }

        private void sums(int layer, double[] in, int from, double[] out) {
            var w = weights[layer].values();
            int width = out.length;
            Arrays.fill(out, 0);
            for (int j = 0; j < weights[layer].rows(); j++) {
                double value = in[from + j];
                for (int k = 0; k < width; k++) {
                    out[k] += value * w[j * width + k];
                }
            }
            boolean last = layer == weights.length - 1;
            for (int k = 0; k < width; k++) {
                double sum = out[k] + constants[layer][k];
                out[k] = last ? sum : hidden.applyAsDouble(sum);
            }
        }
    }

    private static Layers layers(State state) throws LoadFailure {
        var coefficients = state.items("coefs_");
        var intercepts = state.items("intercepts_");
        if (coefficients.isEmpty() || coefficients.size() != intercepts.size()) {
            throw state.failure("coefs_ and intercepts_ must be of one entry a layer");
        }
        var weights = new Matrix[coefficients.size()];
        var constants = new double[weights.length][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = state.table(coefficients.get(i), "coefs_");
            constants[i] = state.table(intercepts.get(i), "intercepts_").values();
            if (constants[i].length != weights[i].columns()
                    || (i > 0 && weights[i].rows() != weights[i - 1].columns())) {
                throw state.failure("the layers of coefs_ do not fit one another");
            }
        }
        return new Layers(weights, constants, function(state, "activation"));
    }

    private static DoubleUnaryOperator function(State state, String name) throws LoadFailure {
        return switch (state.text(name).orElse("")) {
            case "identity" -> DoubleUnaryOperator.identity();
            case "relu" -> value -> Math.max(value, 0);
            case "tanh" -> Math::tanh;
            case "logistic" -> Link::logistic;
            case "exp" -> Math::exp;
            default -> throw state.unsupported("the " + name + " " + state.needed(name).kind());
        };
    }

    static Estimator regressor(State state) throws LoadFailure {
        var layers = layers(state);
        var last = function(state, "out_activation_");
        int width = layers.columnsOut();
        var step =
                Then.rowwise(
                        layers,
                        width,
                        (in, from, out, to) -> {
                            for (int k = 0; k < width; k++) {
                                out[to + k] = last.applyAsDouble(in[from + k]);
                            }
                        });
        return new Regressor(step, width == 1);
    }

    static Estimator classifier(State state) throws LoadFailure {
        var layers = layers(state);
        var classes = state.classes();
        int width = layers.columnsOut();
        boolean labels =
                state.part("_label_binarizer").text("y_type_").orElse("").startsWith("multilabel");
        if (width != (labels || classes.count() > 2 ? classes.count() : 1)) {
            throw state.failure(
                    "coefs_ ends in %d columns for %d classes".formatted(width, classes.count()));
        }
        if (labels) {
            return severalLabels(layers, width);
        }
        return new Classifier(
                layers,
                classes,
                Choice.ABOVE_ZERO,
                width == 1 ? Link.LOGISTIC : Link.SOFTMAX,
                false);
    }

    /** Each label by itself: there, or not. */
    private static Estimator severalLabels(Step scores, int width) {
        var shares =
                Then.rowwise(
                        scores,
                        width,
                        (in, from, out, to) -> {
                            for (int k = 0; k < width; k++) {
                                out[to + k] = Link.logistic(in[from + k]);
                            }
                        });
        return new ByMethod(
                Collections.nCopies(width, Classes.numbered(2)),
                false,
                false,
                Map.of(Method.PREDICT, MultiOutput.above(scores, 0), Method.PREDICT_PROBA, shares));
    }
}
