package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.EnumMap;

/** Support vector machines with kernels, as libsvm fits and asks them. */
final class SupportVectorMachines {
    private static final int CLASSES_MAX = 1_000;

    private SupportVectorMachines() {}

    static Estimator regressor(State state) throws LoadFailure {
        return new Regressor(sum(SupportVectors.read(state, 0)), true);
    }

    static Estimator novelty(State state) throws LoadFailure {
        return Outliers.above(sum(SupportVectors.read(state, 0)), Choice.ABOVE_ZERO);
    }

    private static Step sum(SupportVectors vectors) {
        return new RowStep(vectors.columns(), 1, vectors::sum);
    }

    static Estimator classifier(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        if (count < 2 || count > CLASSES_MAX) {
            throw state.unsupported("a machine of " + count + " classes");
        }
        var vectors = SupportVectors.read(state, count);
        state.charge(vectors.machines());
        var pairs = new RowStep(vectors.columns(), vectors.machines(), vectors::pairs);
        var decision = decision(state, pairs, count);
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(
                Method.PREDICT,
                breaksTies(state, count)
                        ? Then.choosing(decision, Choice.HIGHEST)
                        : Then.rowwise(
                                pairs,
                                1,
                                (in, from, out, to) ->
                                        out[to] = PairVotes.winner(in, from, count)));
        ways.put(Method.DECISION_FUNCTION, decision);
        if (state.flag("probability", false)) {
            ways.put(Method.PREDICT_PROBA, probabilities(state, vectors, count));
        }
        return ByMethod.of(classes, ways);
    }

    private static boolean oneAgainstOne(State state) {
        return state.text("decision_function_shape").orElse("ovr").equals("ovo");
    }

    private static boolean breaksTies(State state, int classes) {
        return state.flag("break_ties", false) && !oneAgainstOne(state) && classes > 2;
    }

    /** The library turns the sign for two classes: above zero then speaks for the second. */
    private static Step decision(State state, Step pairs, int classes) {
        if (classes == 2) {
            return Then.rowwise(pairs, 1, (in, from, out, to) -> out[to] = -in[from]);
        }
        if (oneAgainstOne(state)) {
            return pairs;
        }
        return Then.rowwise(
                pairs,
                classes,
                (in, from, out, to) -> {
                    var turned = new double[pairs.columnsOut()];
                    for (int i = 0; i < turned.length; i++) {
                        turned[i] = -in[from + i];
                    }
                    PairVotes.scores(turned, 0, 0, classes, out, to);
                });
    }

    private static Step probabilities(State state, SupportVectors vectors, int classes)
            throws LoadFailure {
        var a = state.vector(state.has("_probA") ? "_probA" : "probA_", vectors.machines());
        var b = state.vector(state.has("_probB") ? "_probB" : "probB_", vectors.machines());
        return new RowStep(
                vectors.columns(),
                classes,
                (in, from, out, to) -> {
                    var decisions = new double[vectors.machines()];
                    vectors.pairs(in, from, decisions, 0);
                    PairVotes.probabilities(decisions, a, b, classes, out, to);
                });
    }
}
