package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Estimators whose answers another one judges. */
final class Stacking {
    private Stacking() {}

    static Estimator regressor(State state) throws LoadFailure {
        var features = features(state, 0);
        var last = state.estimator(state.needed("final_estimator_"));
        var predict = Parts.behind(state, features, Parts.way(state, last, Method.PREDICT));
        return new ByMethod(
                List.of(),
                predict.columnsOut() == 1,
                false,
                Map.of(Method.PREDICT, predict, Method.TRANSFORM, features));
    }

    static Estimator classifier(State state) throws LoadFailure {
        if (state.value("_label_encoder").filter(PyValue.Sequence.class::isInstance).isPresent()) {
            throw state.unsupported("stacking of several labels at once");
        }
        var classes = state.classes();
        var features = features(state, classes.count());
        var last = state.estimator(state.needed("final_estimator_"));
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.TRANSFORM, features);
        ways.put(
                Method.PREDICT,
                Parts.behind(state, features, Parts.places(state, last, classes.count())));
        for (var method : List.of(Method.PREDICT_PROBA, Method.DECISION_FUNCTION)) {
            var way = last.way(method);
            if (way.isPresent()) {
                ways.put(method, Parts.behind(state, features, way.get()));
            }
        }
        return ByMethod.of(classes, ways);
    }

    /** What the estimators say, perhaps with the rows themselves behind it. */
    private static Step features(State state, int classes) throws LoadFailure {
        var parts = Parts.read(state, "estimators_");
        var methods = state.items("stack_method_");
        if (methods.size() != parts.count()) {
            throw state.failure("stack_method_ is not of one entry an estimator");
        }
        var names = methods.iterator();
        var said =
                new ArrayList<>(parts.ways((s, e) -> feature(s, e, method(names.next()), classes)));
        if (state.flag("passthrough", false)) {
            said.add(new Pass(said.getFirst().columnsIn()));
        }
        return Beside.joined(said);
    }

    private static String method(PyValue value) {
        return value instanceof PyValue.Text(var name) ? name : "";
    }

    private static Step feature(State state, Estimator estimator, String method, int classes)
            throws LoadFailure {
        return switch (method) {
            case "predict_proba" -> {
                var shares = Parts.way(state, estimator, Method.PREDICT_PROBA);
                yield classes == 2 ? Parts.second(state, shares) : shares;
            }
            case "decision_function" -> Parts.way(state, estimator, Method.DECISION_FUNCTION);
            case "predict" -> Parts.values(state, estimator);
            default -> throw state.failure("stack_method_ has an unknown method");
        };
    }
}
