package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Classifiers whose scores were taught to be probabilities. */
final class Calibration {
    private static final double LOG_SPARE = 1e-12;
    private static final double ROUNDING = 1e-5;

    private Calibration() {}

    /** Makes one class's probability of its score. */
    @FunctionalInterface
    private interface Curve {
        double at(double score) throws BadInput;
    }

    static Estimator read(State state) throws LoadFailure {
        var classes = state.classes();
        var shares = new ArrayList<Step>();
        for (var item : state.items("calibrated_classifiers_")) {
            shares.add(one(state.needPart(item, "a calibrated classifier"), classes));
        }
        if (shares.isEmpty()) {
            throw state.failure("calibrated_classifiers_ is empty");
        }
        var ones = new double[shares.size()];
        Arrays.fill(ones, 1);
        return new Classifier(
                Beside.mean(shares, ones, ones.length),
                classes,
                Choice.HIGHEST,
                Link.IDENTITY,
                false);
    }

    private static Step one(State state, Classes classes) throws LoadFailure {
        var estimator =
                state.estimator(
                        state.needed(state.has("estimator") ? "estimator" : "base_estimator"));
        var own = Parts.only(state, estimator);
        boolean decides = estimator.way(Method.DECISION_FUNCTION).isPresent();
        var scores =
                classes.count() == 2
                        ? Parts.score(state, estimator)
                        : Parts.way(
                                state,
                                estimator,
                                decides ? Method.DECISION_FUNCTION : Method.PREDICT_PROBA);
        var calibrators = state.items(state.has("calibrators") ? "calibrators" : "calibrators_");
        var kinds =
                calibrators.stream().map(c -> state.part(c).map(State::type).orElse("")).toList();
        if (kinds.equals(List.of("_TemperatureScaling"))) {
            return temperature(state, calibrators.getFirst(), scores, classes.count(), decides);
        }
        if (calibrators.size() != scores.columnsOut()) {
            throw state.failure(
                    "calibrators are %d for %d scores"
                            .formatted(calibrators.size(), scores.columnsOut()));
        }
        var curves = new Curve[calibrators.size()];
        for (int i = 0; i < curves.length; i++) {
            curves[i] = curve(state, calibrators.get(i));
        }
        return classes.count() == 2
                ? pair(scores, curves[0])
                : several(state, scores, curves, classes, own);
    }

    private static Curve curve(State state, PyValue value) throws LoadFailure {
        var calibrator = state.needPart(value, "a calibrator");
        return switch (calibrator.type()) {
            case "_SigmoidCalibration" -> {
                double a = calibrator.number("a_");
                double b = calibrator.number("b_");
                yield score -> Link.logistic(-(a * score + b));
            }
            case "IsotonicRegression" -> Isotonic.of(calibrator)::at;
            default -> throw state.unsupported("the calibrator " + calibrator.type());
        };
    }

    private static Step pair(Step scores, Curve curve) {
        return Then.rowwise(
                scores,
                2,
                (in, from, out, to) -> {
                    double second = curve.at(in[from]);
                    out[to] = capped(1 - second);
                    out[to + 1] = capped(second);
                });
    }

    private static double capped(double share) {
        return share > 1 && share <= 1 + ROUNDING ? 1 : share;
    }

    /** An estimator may not know every class; what it does not know has no share. */
    private static Step several(
            State state, Step scores, Curve[] curves, Classes classes, Classes own)
            throws LoadFailure {
        var places = new int[curves.length];
        if (own.count() != places.length) {
            throw state.failure("calibrators are not of one curve a class");
        }
        for (int i = 0; i < places.length; i++) {
            places[i] = classes.indexOf(own.at(i));
            if (places[i] < 0) {
                throw state.failure("an estimator knows a class that is none of classes_");
            }
        }
        int count = classes.count();
        return Then.rowwise(
                scores,
                count,
                (in, from, out, to) -> {
                    double sum = 0;
                    for (int i = 0; i < places.length; i++) {
                        double share = curves[i].at(in[from + i]);
                        out[to + places[i]] = share;
                        sum += share;
                    }
                    for (int k = 0; k < count; k++) {
                        out[to + k] = capped(sum == 0 ? 1.0 / count : out[to + k] / sum);
                    }
                });
    }

    private static Step temperature(
            State state, PyValue value, Step scores, int classes, boolean decides)
            throws LoadFailure {
        double beta = state.needPart(value, "a calibrator").number("beta_");
        if (scores.columnsOut() != (classes == 2 ? 1 : classes)) {
            throw state.failure("an estimator has not seen every class");
        }
        var scaled =
                Then.rowwise(
                        scores,
                        classes,
                        (in, from, out, to) -> {
                            for (int k = 0; k < classes; k++) {
                                double score = classes == 2 ? in[from] : in[from + k];
                                if (!decides) {
                                    double share = classes == 2 && k == 0 ? 1 - score : score;
                                    out[to + k] = beta * Math.log(share + LOG_SPARE);
                                } else {
                                    out[to + k] = beta * (classes == 2 && k == 0 ? -score : score);
                                }
                            }
                        });
        return Then.linked(scaled, Link.SOFTMAX);
    }
}
