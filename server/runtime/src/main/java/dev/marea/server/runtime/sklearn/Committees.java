package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Estimators that answer together: by votes or by their mean. */
final class Committees {
    private Committees() {}

    static Estimator voting(State state) throws LoadFailure {
        var classes = state.classes();
        var parts = Parts.read(state, "estimators_");
        return switch (state.text("voting").orElse("hard")) {
            case "hard" -> hard(parts, classes);
            case "soft" -> soft(state, parts, classes);
            default -> throw state.failure("voting must be hard or soft");
        };
    }

    private static Estimator hard(Parts parts, Classes classes) throws LoadFailure {
        int count = classes.count();
        var chosen = Beside.joined(parts.ways((s, e) -> Parts.places(s, e, count)));
        var weights = parts.weights().orElse(ones(parts.count()));
        var winner =
                Then.rowwise(
                        chosen,
                        1,
                        (in, from, out, to) -> {
                            var votes = new double[count];
                            for (int i = 0; i < weights.length; i++) {
                                votes[(int) in[from + i]] += weights[i];
                            }
                            out[to] = MultiOutput.highest(votes, 0, count);
                        });
        return ByMethod.of(classes, Map.of(Method.PREDICT, winner, Method.TRANSFORM, chosen));
    }

    private static Estimator soft(State state, Parts parts, Classes classes) throws LoadFailure {
        var shares = parts.ways(Method.PREDICT_PROBA);
        for (var share : shares) {
            width(state, share, classes.count());
        }
        var mean = mean(parts, shares);
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, Then.choosing(mean, Choice.HIGHEST));
        ways.put(Method.PREDICT_PROBA, mean);
        if (state.flag("flatten_transform", true)) {
            ways.put(Method.TRANSFORM, Beside.joined(shares));
        }
        return ByMethod.of(classes, ways);
    }

    static Estimator votingRegressor(State state) throws LoadFailure {
        var parts = Parts.read(state, "estimators_");
        var guesses = parts.ways((s, e) -> Parts.oneColumn(s, Parts.way(s, e, Method.PREDICT)));
        return new ByMethod(
                List.of(),
                true,
                false,
                Map.of(
                        Method.PREDICT,
                        mean(parts, guesses),
                        Method.TRANSFORM,
                        Beside.joined(guesses)));
    }

    private static Step mean(Parts parts, List<Step> ways) throws LoadFailure {
        var weights = parts.weights().orElse(ones(ways.size()));
        return Beside.mean(ways, weights, Arrays.stream(weights).sum());
    }

    private static double[] ones(int count) {
        var ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void width(State state, Step step, int classes) throws LoadFailure {
        if (step.columnsOut() != classes) {
            throw state.failure(
                    "an estimator answers with %d columns for %d classes"
                            .formatted(step.columnsOut(), classes));
        }
    }

    /** The most voted class, which the library numbers from what the estimators were fitted on. */
    static Estimator bagging(State state) throws LoadFailure {
        var classes = state.classes();
        int count = classes.count();
        var bag = bag(state);
        boolean likely = bag.allAnswer(Method.PREDICT_PROBA);
        var shares =
                Beside.mean(
                        bag.ways((s, e) -> likely ? likely(s, e, count) : vote(s, e, count)),
                        ones(bag.count()),
                        bag.count());
        var ways = new EnumMap<Method, Step>(Method.class);
        ways.put(Method.PREDICT, Then.choosing(shares, Choice.HIGHEST));
        ways.put(Method.PREDICT_PROBA, shares);
        if (bag.allAnswer(Method.DECISION_FUNCTION)) {
            var decisions = bag.ways(Method.DECISION_FUNCTION);
            for (var decision : decisions) {
                width(state, decision, decisions.getFirst().columnsOut());
            }
            ways.put(
                    Method.DECISION_FUNCTION,
                    Beside.mean(decisions, ones(bag.count()), bag.count()));
        }
        return ByMethod.of(classes, ways);
    }

    static Estimator baggingRegressor(State state) throws LoadFailure {
        var bag = bag(state);
        var guesses = bag.ways(Method.PREDICT);
        for (var guess : guesses) {
            width(state, guess, guesses.getFirst().columnsOut());
        }
        return new Regressor(
                Beside.mean(guesses, ones(bag.count()), bag.count()),
                guesses.getFirst().columnsOut() == 1);
    }

    /** Each estimator behind the columns that it saw. */
    private static Parts bag(State state) throws LoadFailure {
        int columns = state.size("n_features_in_");
        var subsets = FeatureSubsets.read(state, columns);
        var parts = Parts.read(state, "estimators_");
        var bag = new ArrayList<Estimator>(parts.count());
        for (int i = 0; i < parts.count(); i++) {
            var estimator = parts.all().get(i);
            var ways = new EnumMap<Method, Step>(Method.class);
            for (var method : estimator.methods()) {
                var way = Parts.way(state, estimator, method);
                ways.put(method, subsets.behind(i, way, columns));
            }
            bag.add(new ByMethod(estimator.labels(), true, false, ways));
        }
        return new Parts(state, bag);
    }

    private static Step likely(State state, Estimator estimator, int classes) throws LoadFailure {
        var shares = Parts.way(state, estimator, Method.PREDICT_PROBA);
        if (shares.columnsOut() == classes) {
            return shares;
        }
        // An estimator may not have seen every class.
        var seen = Parts.numbers(state, Parts.only(state, estimator));
        width(state, shares, seen.length);
        Parts.places(state, estimator, classes);
        return Then.rowwise(
                shares,
                classes,
                (in, from, out, to) -> {
                    for (int k = 0; k < seen.length; k++) {
                        out[to + (int) seen[k]] = in[from + k];
                    }
                });
    }

    private static Step vote(State state, Estimator estimator, int classes) throws LoadFailure {
        return Then.rowwise(
                Parts.places(state, estimator, classes),
                classes,
                (in, from, out, to) -> out[to + (int) in[from]] = 1);
    }
}
