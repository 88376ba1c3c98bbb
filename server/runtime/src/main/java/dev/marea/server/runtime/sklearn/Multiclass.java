package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Classifiers of many classes or outputs, made of classifiers of two. */
final class Multiclass {
    private Multiclass() {}

    /** A class that no training row, or every one, had: its answer is always the same. */
    static Estimator constant(State state) throws LoadFailure {
        double answer = state.vector("y_", 1)[0];
        if (answer != 0 && answer != 1 && answer != -1) {
            throw state.failure("y_ must be -1, 0 or 1, is " + answer);
        }
        var decision = same(state, answer);
        if (answer == -1) {
            return Outliers.above(decision, Choice.ABOVE_ZERO); // its labels are -1 and 1
        }
        return ByMethod.of(
                Classes.numbered(2),
                Map.of(
                        Method.PREDICT,
                        decision,
                        Method.PREDICT_PROBA,
                        same(state, 1 - answer, answer),
                        Method.DECISION_FUNCTION,
                        decision));
    }

    private static Step same(State state, double... answer) throws LoadFailure {
        return new RowStep(
                state.size("n_features_in_"),
                answer.length,
                Accepts.ANYTHING,
                (in, from, out, to) -> System.arraycopy(answer, 0, out, to, answer.length));
    }

    static Estimator oneAgainstRest(State state) throws LoadFailure {
        var binarizer = state.part("label_binarizer_");
        var classes = binarizer.classes();
        var parts = Parts.read(state, "estimators_");
        var kind = binarizer.text("y_type_").orElse("multiclass");
        boolean labels = kind.startsWith("multilabel");
        boolean single = parts.count() == 1;
        if (!(single && classes.count() == 2) && parts.count() != classes.count()) {
            throw state.failure(
                    "estimators_ are %d for %d classes".formatted(parts.count(), classes.count()));
        }
        var scores = Beside.joined(parts.ways(Parts::score));
        var ways = new EnumMap<Method, Step>(Method.class);
        double threshold = Parts.threshold(parts.all().getFirst());
        ways.put(
                Method.PREDICT,
                labels || single
                        ? MultiOutput.above(scores, threshold)
                        : Then.choosing(scores, Choice.HIGHEST));
        if (parts.allAnswer(Method.PREDICT_PROBA)) {
            ways.put(Method.PREDICT_PROBA, shares(parts, single, labels));
        }
        if (parts.allAnswer(Method.DECISION_FUNCTION)) {
            ways.put(Method.DECISION_FUNCTION, scores);
        }
        return labels
                ? new ByMethod(
                        Collections.nCopies(parts.count(), Classes.numbered(2)), false, false, ways)
                : ByMethod.of(classes, ways);
    }

    private static Step shares(Parts parts, boolean single, boolean labels) throws LoadFailure {
        var seconds =
                Beside.joined(
                        parts.ways(
                                (s, e) -> Parts.second(s, Parts.way(s, e, Method.PREDICT_PROBA))));
        int count = seconds.columnsOut();
        if (single) {
            return Then.rowwise(
                    seconds,
                    2,
                    (in, from, out, to) -> {
                        out[to] = 1 - in[from];
                        out[to + 1] = in[from];
                    });
        }
        if (labels) {
            return seconds;
        }
        return Then.rowwise(
                seconds,
                count,
                (in, from, out, to) -> {
                    double sum = 0;
                    for (int k = 0; k < count; k++) {
                        sum += in[from + k];
                    }
                    for (int k = 0; k < count; k++) {
                        out[to + k] = sum == 0 ? in[from + k] : in[from + k] / sum;
                    }
                });
    }

    static Estimator oneAgainstOne(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        var parts = Parts.read(state, "estimators_");
        if (count < 2 || parts.count() != (long) count * (count - 1) / 2) {
            throw state.failure(
                    "estimators_ are %d for %d classes".formatted(parts.count(), count));
        }
        if (state.has("pairwise_indices_")) {
            throw state.unsupported("a precomputed kernel");
        }
        int pairs = parts.count();
        var both =
                Beside.joined(
                        List.of(
                                Beside.joined(parts.ways((s, e) -> Parts.places(s, e, 2))),
                                Beside.joined(parts.ways(Parts::score))));
        var votes =
                Then.rowwise(
                        both,
                        count,
                        (in, from, out, to) ->
                                PairVotes.scores(in, from, from + pairs, count, out, to));
        if (count > 2) {
            return ByMethod.of(
                    classes,
                    Map.of(
                            Method.PREDICT,
                            Then.choosing(votes, Choice.HIGHEST),
                            Method.DECISION_FUNCTION,
                            votes));
        }
        var decision = Parts.column(votes, 1);
        double threshold = Parts.threshold(parts.all().getFirst());
        return ByMethod.of(
                classes,
                Map.of(
                        Method.PREDICT,
                        MultiOutput.above(decision, threshold),
                        Method.DECISION_FUNCTION,
                        decision));
    }

    static Estimator outputCode(State state) throws LoadFailure {
        var classes = state.classes();
        var parts = Parts.read(state, "estimators_");
        var codes = state.matrix("code_book_");
        int width = parts.count();
        if (codes.rows() != classes.count() || codes.columns() != width) {
            throw state.failure("code_book_ is not of one code a class");
        }
        var scores = Beside.joined(parts.ways(Parts::score));
        var distances =
                Then.rowwise(
                        scores,
                        codes.rows(),
                        (in, from, out, to) -> {
                            for (int k = 0; k < codes.rows(); k++) {
                                out[to + k] =
                                        Kernel.squares(in, from, codes.values(), k * width, width);
                            }
                        });
        return ByMethod.of(classes, Map.of(Method.PREDICT, Then.nearest(distances)));
    }

    /** One classifier for each output, by itself. */
    static Estimator eachOutput(State state) throws LoadFailure {
        var parts = Parts.read(state, "estimators_");
        var labels = new ArrayList<Classes>();
        for (var part : parts.all()) {
            labels.add(Parts.only(state, part));
        }
        MultiOutput.sameType(state, labels);
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, Beside.joined(parts.ways(Method.PREDICT)));
        if (parts.allAnswer(Method.PREDICT_PROBA)) {
            var shares = parts.ways(Method.PREDICT_PROBA);
            for (int i = 0; i < labels.size(); i++) {
                if (shares.get(i).columnsOut() != labels.get(i).count()) {
                    throw state.failure("an estimator has not as many probabilities as classes");
                }
            }
            ways.put(Method.PREDICT_PROBA, Beside.joined(shares));
        }
        return new ByMethod(labels, false, true, ways);
    }

    static Estimator eachTarget(State state) throws LoadFailure {
        var parts = Parts.read(state, "estimators_");
        var guesses = parts.ways((s, e) -> Parts.oneColumn(s, Parts.way(s, e, Method.PREDICT)));
        return new Estimator.Regressor(Beside.joined(guesses), false);
    }
}
