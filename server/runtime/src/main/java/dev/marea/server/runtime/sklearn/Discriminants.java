package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import java.util.Arrays;
import java.util.EnumMap;

/** Linear and quadratic discriminant analysis. */
final class Discriminants {
    private Discriminants() {}

    /** Of two scores, what the second is above the first. */
    static Step difference(Step pair) {
        return Then.rowwise(pair, 1, (in, from, out, to) -> out[to] = in[from + 1] - in[from]);
    }

    static Estimator linear(State state) throws LoadFailure {
        var classes = state.classes();
        var scores = LinearModels.map(state);
        boolean pair = classes.count() == 2;
        if (classes.count() < 2 || scores.columnsOut() != (pair ? 1 : classes.count())) {
            throw state.failure(
                    "coef_ has %d rows for %d classes"
                            .formatted(scores.columnsOut(), classes.count()));
        }
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, Then.choosing(scores, Choice.ABOVE_ZERO));
        ways.put(Method.PREDICT_PROBA, Then.linked(scores, pair ? Link.LOGISTIC : Link.SOFTMAX));
        ways.put(Method.DECISION_FUNCTION, scores);
        if (!state.text("solver").orElse("").equals("lsqr")) {
            ways.put(Method.TRANSFORM, projection(state));
        }
        return ByMethod.of(classes, ways);
    }

    private static Step projection(State state) throws LoadFailure {
        var scalings = state.matrix("scalings_");
        int columns = scalings.rows();
        int kept = Math.min(state.size("_max_components"), scalings.columns());
        var mean = state.has("xbar_") ? state.vector("xbar_", columns) : new double[columns];
        return new RowStep(
                columns,
                kept,
                (in, from, out, to) -> {
                    for (int j = 0; j < columns; j++) {
                        double apart = in[from + j] - mean[j];
                        for (int k = 0; k < kept; k++) {
                            out[to + k] += apart * scalings.at(j, k);
                        }
                    }
                });
    }

    /** The axes of one class, and how far it spreads along each. */
    private record Spread(double[] mean, Matrix axes, double logVolume, double logPrior) {
        double score(double[] in, int from) {
            double norm = 0;
            for (int k = 0; k < axes.columns(); k++) {
                double along = 0;
                for (int j = 0; j < mean.length; j++) {
                    along += (in[from + j] - mean[j]) * axes.at(j, k);
                }
                norm += along * along;
            }
            return -0.5 * (norm + logVolume) + logPrior;
        }
    }

    static Estimator quadratic(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        var means = state.matrix("means_");
        int columns = means.columns();
        var priors = state.vector("priors_", count);
        var rotations = state.items("rotations_");
        var scalings = state.items("scalings_");
        if (means.rows() != count || rotations.size() != count || scalings.size() != count) {
            throw state.failure("means_, rotations_ and scalings_ must be of one entry a class");
        }
        var spreads = new Spread[count];
        for (int k = 0; k < count; k++) {
            var mean = Arrays.copyOfRange(means.values(), k * columns, (k + 1) * columns);
            spreads[k] =
                    spread(
                            state,
                            mean,
                            state.table(rotations.get(k), "rotations_"),
                            state.table(scalings.get(k), "scalings_"),
                            Math.log(priors[k]));
        }
        var scores =
                new RowStep(
                        columns,
                        count,
                        (in, from, out, to) -> {
                            for (int k = 0; k < count; k++) {
                                out[to + k] = spreads[k].score(in, from);
                            }
                        });
        return count == 2
                ? new Classifier(
                        difference(scores), classes, Choice.ABOVE_ZERO, Link.LOGISTIC, true)
                : new Classifier(scores, classes, Choice.HIGHEST, Link.SOFTMAX, true);
    }

    private static Spread spread(
            State state, double[] mean, Matrix rotation, Matrix scaling, double logPrior)
            throws LoadFailure {
        var lengths = scaling.values();
        if (rotation.rows() != mean.length || rotation.columns() != lengths.length) {
            throw state.failure(
                    "rotations_ has a table of %d x %d for %d columns"
                            .formatted(rotation.rows(), rotation.columns(), mean.length));
        }
        double logVolume = 0;
        var axes = rotation.values();
        for (double length : lengths) {
            logVolume += Math.log(length);
        }
        for (int i = 0; i < axes.length; i++) {
            axes[i] *= Math.pow(lengths[i % lengths.length], -0.5);
        }
        return new Spread(mean, rotation, logVolume, logPrior);
    }
}
