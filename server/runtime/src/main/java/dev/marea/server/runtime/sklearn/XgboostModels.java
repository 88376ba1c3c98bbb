package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import dev.marea.server.runtime.xgboost.Booster;
import dev.marea.server.runtime.xgboost.PickledBooster;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** XGBoost's classes for scikit-learn, and a booster that was pickled by itself. */
final class XgboostModels {
    private static final String SOFTMAX = "multi:softmax";

    private XgboostModels() {}

    /** Answers as {@code Booster.predict}: with all trees, whenever training was stopped. */
    static Estimator booster(State state) throws LoadFailure {
        var booster = read(state, state.object());
        return regressor(new BoosterStep(booster, booster.trees(), Float.NaN, false));
    }

    static Estimator regressor(State state) throws LoadFailure {
        return regressor(step(state));
    }

    private static Regressor regressor(BoosterStep step) {
        return new Regressor(step, step.columnsOut() == 1);
    }

    static Estimator classifier(State state) throws LoadFailure {
        var step = step(state);
        var booster = step.booster();
        int classes = state.has("n_classes_") ? state.size("n_classes_") : 2;
        if (booster.objective().equals(SOFTMAX)) {
            return chosenByBooster(state, step, classes);
        }
        if (booster.outputs() == 1) {
            return binary(state, step);
        }
        return classes == 2 ? eachOnItsOwn(step) : highest(state, step, classes);
    }

    private static Estimator binary(State state, BoosterStep step) throws LoadFailure {
        return ByMethod.of(
                labels(state, 2),
                ways(
                        new Then(step, 1, found -> overHalf(found)),
                        new Then(step, 2, found -> pair(found))));
    }

    private static Estimator highest(State state, BoosterStep step, int classes)
            throws LoadFailure {
        if (step.columnsOut() != classes) {
            throw state.failure(
                    "n_classes_ is %d, the booster has %d outputs"
                            .formatted(classes, step.columnsOut()));
        }
        return ByMethod.of(labels(state, classes), ways(Then.choosing(step, Choice.HIGHEST), step));
    }

    /** Several labels a row, each of which holds or not. */
    private static Estimator eachOnItsOwn(BoosterStep step) {
        return new ByMethod(
                List.of(),
                false,
                false,
                ways(new Then(step, step.columnsOut(), found -> overHalf(found)), step));
    }

    /** The booster gives classes; probabilities are made of its margins. */
    private static Estimator chosenByBooster(State state, BoosterStep step, int classes)
            throws LoadFailure {
        var margins = new BoosterStep(step.booster(), step.trees(), step.missing(), true);
        if (margins.columnsOut() != classes) {
            throw state.failure(
                    "n_classes_ is %d, the booster has %d outputs"
                            .formatted(classes, margins.columnsOut()));
        }
        return ByMethod.of(labels(state, classes), ways(step, Then.linked(margins, Link.SOFTMAX)));
    }

    private static Map<Method, Step> ways(Step predict, Step probabilities) {
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, predict);
        ways.put(Method.PREDICT_PROBA, probabilities);
        return ways;
    }

    private static Matrix overHalf(Matrix found) {
        var values = found.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] > 0.5 ? 1 : 0;
        }
        return found;
    }

    /** In single precision, as the library subtracts. */
    private static Matrix pair(Matrix seconds) {
        var both = new double[2 * seconds.rows()];
        for (int row = 0; row < seconds.rows(); row++) {
            both[2 * row] = 1f - (float) seconds.values()[row];
            both[2 * row + 1] = seconds.values()[row];
        }
        return new Matrix(seconds.rows(), 2, both);
    }

    /** Before 1.6 any labels were taken, and kept beside the model; since then 0, 1, 2... */
    private static Classes labels(State state, int count) throws LoadFailure {
        if (state.has("_le") && state.part("_le").has("classes_")) {
            var labels = state.part("_le").classes();
            if (labels.count() != count) {
                throw state.failure("has %d labels, needs %d".formatted(labels.count(), count));
            }
            return labels;
        }
        state.charge(count);
        return new Classes(
                Datatype.INT64, new Elements.Longs(LongStream.range(0, count).toArray()));
    }

    /** The columns' names where a booster is the first to see the rows; empty if it has none. */
    static List<String> names(Step step) {
        return switch (step) {
            case BoosterStep booster -> booster.booster().names();
            case Then then -> names(then.first());
            default -> List.of();
        };
    }

    private static BoosterStep step(State state) throws LoadFailure {
        var part = state.part("_Booster");
        var booster = read(part, part.object());
        float missing = state.has("missing") ? (float) state.number("missing") : Float.NaN;
        return new BoosterStep(booster, trees(state, booster), missing, false);
    }

    /** The classes for scikit-learn answer by the best round, where training was stopped early. */
    private static int trees(State state, Booster booster) throws LoadFailure {
        var best = booster.attributes().get("best_iteration");
        if (best == null) {
            return booster.trees();
        }
        try {
            int round = Integer.parseInt(best.strip());
            if (round >= 0) {
                return booster.treesOf(round + 1);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw state.failure("best_iteration is '" + best + "'");
    }

    private static Booster read(State state, PyObject object) throws LoadFailure {
        var handle =
                PickledBooster.handle(object)
                        .orElseThrow(() -> state.failure("has no trained booster (handle)"));
        // Paid before it is read: a pickle can name one booster a million times.
        state.charge(handle.length() / 2);
        return PickledBooster.read(state.file(), handle);
    }
}
