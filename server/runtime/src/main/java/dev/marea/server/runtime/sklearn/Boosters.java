package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.Arrays;
import java.util.Map;

/** AdaBoost: estimators in stages, each with a weight. */
final class Boosters {
    private Boosters() {}

    static Estimator classifier(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        if (count < 2) {
            throw state.unsupported("AdaBoost of one class");
        }
        var parts = Parts.read(state, "estimators_");
        for (var part : parts.all()) {
            if (Parts.only(state, part).count() != count) {
                throw state.unsupported("an estimator that has not seen every class");
            }
        }
        var weights = weights(state, parts.count());
        double by = Arrays.stream(weights).sum();
        var votes =
                state.text("algorithm").orElse("").equals("SAMME.R")
                        ? real(parts, count, by)
                        : discrete(state, parts, weights, by, count);
        if (count > 2) {
            return scored(classes, votes);
        }
        var decision =
                Then.rowwise(votes, 1, (in, from, out, to) -> out[to] = in[from + 1] - in[from]);
        return new Estimator.Classifier(decision, classes, Choice.ABOVE_ZERO, Link.LOGISTIC, true);
    }

    private static Estimator scored(Classes classes, Step votes) {
        int count = classes.count();
        var shares =
                Then.linked(
                        Then.rowwise(
                                votes,
                                count,
                                (in, from, out, to) -> {
                                    for (int k = 0; k < count; k++) {
                                        out[to + k] = in[from + k] / (count - 1);
                                    }
                                }),
                        Link.SOFTMAX);
        return ByMethod.of(
                classes,
                Map.of(
                        Method.PREDICT,
                        Then.choosing(votes, Choice.HIGHEST),
                        Method.PREDICT_PROBA,
                        shares,
                        Method.DECISION_FUNCTION,
                        votes));
    }

    /** Estimators that were not needed have no weight, or none is kept for them. */
    private static double[] weights(State state, int estimators) throws LoadFailure {
        var weights = state.vector("estimator_weights_");
        if (weights.length < estimators) {
            throw state.failure(
                    "estimator_weights_ has %d weights for %d estimators"
                            .formatted(weights.length, estimators));
        }
        return weights;
    }

    /** Each votes for one class; since 1.3 also against the others. */
    private static Step discrete(State state, Parts parts, double[] weights, double by, int classes)
            throws LoadFailure {
        var places = Beside.joined(parts.ways(Method.PREDICT));
        double against = state.savedBefore(1, 3) ? 0 : -1.0 / (classes - 1);
        return Then.rowwise(
                places,
                classes,
                (in, from, out, to) -> {
                    for (int i = 0; i < places.columnsOut(); i++) {
                        for (int k = 0; k < classes; k++) {
                            boolean chosen = (int) in[from + i] == k;
                            out[to + k] += chosen ? weights[i] : against * weights[i];
                        }
                    }
                    for (int k = 0; k < classes; k++) {
                        out[to + k] /= by;
                    }
                });
    }

    /** Each votes by the logarithms of its probabilities; until 1.5. */
    private static Step real(Parts parts, int classes, double by) throws LoadFailure {
        var shares = Beside.joined(parts.ways(Method.PREDICT_PROBA));
        return Then.rowwise(
                shares,
                classes,
                (in, from, out, to) -> {
                    var logs = new double[classes];
                    for (int i = from; i < from + shares.columnsOut(); i += classes) {
                        double sum = 0;
                        for (int k = 0; k < classes; k++) {
                            logs[k] = Math.log(Math.max(in[i + k], Math.ulp(1.0)));
                            sum += logs[k];
                        }
                        for (int k = 0; k < classes; k++) {
                            out[to + k] += (classes - 1) * (logs[k] - sum / classes);
                        }
                    }
                    for (int k = 0; k < classes; k++) {
                        out[to + k] /= by;
                    }
                });
    }

    static Estimator regressor(State state) throws LoadFailure {
        var parts = Parts.read(state, "estimators_");
        var weights = weights(state, parts.count());
        var guesses =
                Beside.joined(
                        parts.ways((s, e) -> Parts.oneColumn(s, Parts.way(s, e, Method.PREDICT))));
        int count = parts.count();
        return new Regressor(
                Then.rowwise(
                        guesses,
                        1,
                        (in, from, out, to) -> out[to] = median(in, from, count, weights)),
                true);
    }

    /** The lowest guess that at least half of the weight does not lie above. */
    private static double median(double[] in, int from, int count, double[] weights) {
        var guesses = Arrays.copyOfRange(in, from, from + count);
        Arrays.sort(guesses);
        var weight = new double[count];
        double all = 0;
        for (int i = 0; i < count; i++) {
            weight[Arrays.binarySearch(guesses, in[from + i])] += weights[i];
            all += weights[i];
        }
        double below = 0;
        for (int i = 0; i < count; i++) {
            below += weight[i];
            if (below >= 0.5 * all) {
                return guesses[i];
            }
        }
        return guesses[count - 1];
    }
}
