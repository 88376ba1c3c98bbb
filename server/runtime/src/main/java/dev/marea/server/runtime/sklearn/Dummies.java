package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.List;

/** Models that look at nothing. They take whatever is finite or not. */
final class Dummies {
    private Dummies() {}

    private static Step constant(State state, double[] answer) throws LoadFailure {
        if (!state.has("n_features_in_")) {
            throw state.failure("does not say how many columns it takes (old versions did not)");
        }
        return new RowStep(
                state.size("n_features_in_"),
                answer.length,
                Accepts.ANYTHING,
                (in, from, out, to) -> System.arraycopy(answer, 0, out, to, answer.length));
    }

    static Estimator regressor(State state) throws LoadFailure {
        var constant = state.vector("constant_");
        return new Regressor(constant(state, constant), constant.length == 1);
    }

    static Estimator classifier(State state) throws LoadFailure {
        if (state.size("n_outputs_") != 1) {
            throw state.unsupported("a dummy of several outputs");
        }
        var classes = state.classes();
        var shares = state.vector("class_prior_", classes.count());
        var strategy = state.text("_strategy").orElse(state.text("strategy").orElse(""));
        int chosen =
                switch (strategy) {
                    case "prior" -> -1;
                    case "most_frequent" -> MultiOutput.highest(shares, 0, shares.length);
                    case "constant" -> constant(state, classes);
                    default ->
                            throw state.unsupported(
                                    "the strategy '" + strategy + "', which is chance,");
                };
        if (chosen >= 0) {
            shares = new double[shares.length];
            shares[chosen] = 1;
        }
        return new Classifier(
                constant(state, shares), classes, Choice.HIGHEST, Link.IDENTITY, false);
    }

    private static int constant(State state, Classes classes) throws LoadFailure {
        var value = state.needed("constant");
        var items = state.items(value).orElse(List.of());
        var label = Classes.only(items.isEmpty() ? value : items.getFirst());
        int chosen = label.map(classes::indexOf).orElse(-1);
        if (chosen < 0) {
            throw state.failure("constant is none of classes_: " + value.kind());
        }
        return chosen;
    }
}
