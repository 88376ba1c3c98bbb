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

/** Linear classifiers and regressors: everything that keeps coef_ and intercept_. */
final class LinearModels {
    private LinearModels() {}

    static Estimator classifier(State state) throws LoadFailure {
        if (isOfLabels(state)) {
            return severalLabels(state);
        }
        var classes = state.has("classes_") ? state.classes() : binarized(state);
        var map = map(state, DoubleUnaryOperator.identity());
        int expected = classes.count() == 2 ? 1 : classes.count();
        if (classes.count() < 2 || map.columnsOut() != expected) {
            throw state.failure(
                    "coef_ has %d rows for %d classes"
                            .formatted(map.columnsOut(), classes.count()));
        }
        return new Classifier(map, classes, Choice.ABOVE_ZERO, link(state, classes.count()), true);
    }

    /** Ridge classifiers keep their classes with the binarizer that coded them. */
    private static Classes binarized(State state) throws LoadFailure {
        return state.part("_label_binarizer").classes();
    }

    private static boolean isOfLabels(State state) throws LoadFailure {
        return state.has("_label_binarizer")
                && state.part("_label_binarizer")
                        .text("y_type_")
                        .orElse("")
                        .startsWith("multilabel");
    }

    /** Each label by itself: there, or not. */
    private static Estimator severalLabels(State state) throws LoadFailure {
        var scores = map(state);
        return new ByMethod(
                Collections.nCopies(scores.columnsOut(), Classes.numbered(2)),
                false,
                false,
                Map.of(
                        Method.PREDICT,
                        MultiOutput.above(scores, 0),
                        Method.DECISION_FUNCTION,
                        scores));
    }

    static Estimator regressor(State state) throws LoadFailure {
        return new Regressor(map(state, DoubleUnaryOperator.identity()), state.rank("coef_") < 2);
    }

    static Estimator loglinear(State state) throws LoadFailure {
        return new Regressor(map(state, Math::exp), true);
    }

    /** The link decides, and where it is left open the power does. */
    static Estimator tweedie(State state) throws LoadFailure {
        boolean log =
                switch (state.text("link").orElse("auto")) {
                    case "auto" -> state.number("power") > 0;
                    case "log" -> true;
                    case "identity" -> false;
                    default -> throw state.failure("link must be auto, log or identity");
                };
        return log ? loglinear(state) : regressor(state);
    }

    static LinearMap map(State state) throws LoadFailure {
        return map(state, DoubleUnaryOperator.identity());
    }

    private static LinearMap map(State state, DoubleUnaryOperator then) throws LoadFailure {
        var weights = state.matrix("coef_");
        var constants = state.has("intercept_") ? state.vector("intercept_") : new double[1];
        if (constants.length == 1 && weights.rows() > 1) {
            constants = filled(weights.rows(), constants[0]);
        }
        if (constants.length != weights.rows()) {
            throw state.failure(
                    "intercept_ holds %d numbers for %d rows of coef_"
                            .formatted(constants.length, weights.rows()));
        }
        return new LinearMap(weights, constants, then);
    }

    private static double[] filled(int length, double value) {
        var all = new double[length];
        Arrays.fill(all, value);
        return all;
    }

    private static Link link(State state, int classes) {
        return switch (state.type()) {
            case "LogisticRegression", "LogisticRegressionCV" -> logistic(state, classes);
            case "SGDClassifier" ->
                    switch (state.text("loss").orElse("")) {
                        case "log_loss", "log" -> Link.LOGISTIC;
                        case "modified_huber" -> Link.MODIFIED_HUBER;
                        default -> Link.NONE;
                    };
            default -> Link.NONE;
        };
    }

    /**
     * One against the rest was chosen by name, by class count or by a solver that knew no other.
     */
    private static Link logistic(State state, int classes) {
        boolean pair = classes == 2;
        return switch (state.text("multi_class").orElse("auto")) {
            case "ovr", "warn" -> Link.LOGISTIC;
            case "multinomial" -> pair ? Link.SOFTMAX_OF_PAIR : Link.SOFTMAX;
            default -> pair || solvesOneByOne(state) ? Link.LOGISTIC : Link.SOFTMAX;
        };
    }

    private static boolean solvesOneByOne(State state) {
        return switch (state.text("solver").orElse("")) {
            case "liblinear" -> true;
            case "newton-cholesky" -> state.savedBefore(1, 6);
            default -> false;
        };
    }
}
