package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.EnumMap;
import java.util.List;

/** Models that answer as another one that they hold, or nearly so. */
final class Wrappers {
    private Wrappers() {}

    /** A search answers as the best of what it tried, fitted once more. */
    static Estimator best(State state) throws LoadFailure {
        return state.estimator(state.needed("best_estimator_"));
    }

    static Estimator frozen(State state) throws LoadFailure {
        return state.estimator(state.needed("estimator"));
    }

    static Estimator selfTraining(State state) throws LoadFailure {
        var name = state.has("estimator_") ? "estimator_" : "base_estimator_";
        var estimator = state.estimator(state.needed(name));
        var ways = new EnumMap<Method, Step>(Method.class);
        for (var method : List.of(Method.PREDICT, Method.PREDICT_PROBA, Method.DECISION_FUNCTION)) {
            estimator.way(method).ifPresent(way -> ways.put(method, way));
        }
        return ByMethod.of(Parts.only(state, estimator), ways);
    }

    static Estimator robust(State state) throws LoadFailure {
        var estimator = state.estimator(state.needed("estimator_"));
        var predict = Parts.way(state, estimator, Method.PREDICT);
        boolean flat = !(estimator instanceof Estimator.Regressor r) || r.flat();
        return new Estimator.Regressor(predict, flat);
    }

    static Estimator fixedThreshold(State state) throws LoadFailure {
        boolean automatic = state.text("threshold").orElse("").equals("auto");
        var threshold = automatic ? null : state.number("threshold");
        return threshold(state, state, automatic, threshold == null ? 0 : threshold);
    }

    static Estimator tunedThreshold(State state) throws LoadFailure {
        // The scorer may have been told which class is meant.
        var scorer = state.part("_curve_scorer");
        return threshold(state, scorer, false, state.number("best_threshold_"));
    }

    private static Estimator threshold(
            State state, State asked, boolean automatic, double threshold) throws LoadFailure {
        var name = state.has("estimator_") ? "estimator_" : "estimator";
        var estimator = state.estimator(state.needed(name));
        var classes = Parts.only(state, estimator);
        if (classes.count() != 2) {
            throw state.failure("needs a classifier of two classes");
        }
        int meant = meant(state, asked, classes);
        boolean likely = likely(state, estimator);
        var scores =
                likely
                        ? Parts.column(Parts.way(state, estimator, Method.PREDICT_PROBA), meant)
                        : Parts.way(state, estimator, Method.DECISION_FUNCTION);
        double limit = automatic ? (likely ? 0.5 : 0) : threshold;
        boolean turned = !likely && meant == 0;
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(
                Method.PREDICT,
                Then.rowwise(
                        scores,
                        1,
                        (in, from, out, to) -> {
                            double score = turned ? -in[from] : in[from];
                            out[to] = score >= limit ? meant : 1 - meant;
                        }));
        for (var method : List.of(Method.PREDICT_PROBA, Method.DECISION_FUNCTION)) {
            estimator.way(method).ifPresent(way -> ways.put(method, way));
        }
        return ByMethod.of(classes, ways);
    }

    private static boolean likely(State state, Estimator estimator) throws LoadFailure {
        return switch (state.text("response_method").orElse("auto")) {
            case "predict_proba" -> true;
            case "decision_function" -> false;
            case "auto" -> estimator.way(Method.PREDICT_PROBA).isPresent();
            default -> throw state.failure("response_method has an unknown method");
        };
    }

    /** The class that a score above the threshold means: the second, unless told otherwise. */
    private static int meant(State state, State asked, Classes classes) throws LoadFailure {
        var label =
                asked.has("_kwargs")
                        ? asked.dict("_kwargs").flatMap(d -> d.get("pos_label"))
                        : asked.value("pos_label");
        if (label.isEmpty()) {
            return 1;
        }
        int place = Classes.only(label.get()).map(classes::indexOf).orElse(-1);
        if (place < 0) {
            throw state.failure("pos_label is none of the classes: " + label.get().kind());
        }
        return place;
    }
}
