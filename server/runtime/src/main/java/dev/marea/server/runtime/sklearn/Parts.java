package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.PyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The estimators that a model is made of, and what it asks of them. */
final class Parts {
    private final State state;
    private final List<Estimator> estimators;

    Parts(State state, List<Estimator> estimators) throws LoadFailure {
        this.state = state;
        this.estimators = List.copyOf(estimators);
        if (estimators.isEmpty()) {
            throw state.failure("has no estimators (not fitted?)");
        }
    }

    /** Those of a list; what was dropped is not among them. */
    static Parts read(State state, String name) throws LoadFailure {
        var estimators = new ArrayList<Estimator>();
        for (var item : state.items(name)) {
            if (!isDropped(item)) {
                estimators.add(state.estimator(item));
            }
        }
        return new Parts(state, estimators);
    }

    static boolean isDropped(PyValue value) {
        return value == PyValue.None.NONE
                || (value instanceof PyValue.Text(var text) && text.equals("drop"));
    }

    List<Estimator> all() {
        return estimators;
    }

    int count() {
        return estimators.size();
    }

    boolean allAnswer(Method method) {
        return estimators.stream().allMatch(e -> e.methods().contains(method));
    }

    /** The way of each, as {@code way} finds it, for the same rows. */
    List<Step> ways(Way way) throws LoadFailure {
        var ways = new ArrayList<Step>(estimators.size());
        for (var estimator : estimators) {
            ways.add(way.of(state, estimator));
        }
        agree(state, ways);
        return ways;
    }

    List<Step> ways(Method method) throws LoadFailure {
        return ways((state, estimator) -> way(state, estimator, method));
    }

    /** Finds an estimator's numbers, or says what it lacks. */
    @FunctionalInterface
    interface Way {
        Step of(State state, Estimator estimator) throws LoadFailure;
    }

    static Step way(State state, Estimator estimator, Method method) throws LoadFailure {
        var way = estimator.way(method);
        if (way.isEmpty()) {
            throw state.failure("needs " + method + " of an estimator that does not answer it");
        }
        return way.get();
    }

    /** What predict answers, as numbers: labels that are text are none. */
    static Step values(State state, Estimator estimator) throws LoadFailure {
        var places = way(state, estimator, Method.PREDICT);
        if (estimator.labels().isEmpty()) {
            return places;
        }
        var values = numbers(state, only(state, estimator));
        return Then.rowwise(places, 1, (in, from, out, to) -> out[to] = values[(int) in[from]]);
    }

    /** As {@link #values}, of an estimator that was fitted on places in the labels. */
    static Step places(State state, Estimator estimator, int labels) throws LoadFailure {
        for (double value : numbers(state, only(state, estimator))) {
            if (!(value >= 0 && value < labels)) {
                throw state.failure("an estimator answers " + value + " of " + labels + " classes");
            }
        }
        return values(state, estimator);
    }

    static double[] numbers(State state, Classes classes) throws LoadFailure {
        var numbers = classes.numbers();
        if (numbers.isEmpty()) {
            throw state.failure("an estimator answers with text where numbers are needed");
        }
        return numbers.get();
    }

    /** The labels of a classifier of one output. */
    static Classes only(State state, Estimator estimator) throws LoadFailure {
        if (estimator.labels().size() != 1) {
            throw state.failure("needs classifiers of one output each");
        }
        return estimator.labels().getFirst();
    }

    /** One score a row: what a regressor says, a decision, or the second class's probability. */
    static Step score(State state, Estimator estimator) throws LoadFailure {
        if (estimator.labels().isEmpty()) {
            return oneColumn(state, way(state, estimator, Method.PREDICT));
        }
        var decision = estimator.way(Method.DECISION_FUNCTION);
        return decision.isPresent()
                ? oneColumn(state, decision.get())
                : second(state, way(state, estimator, Method.PREDICT_PROBA));
    }

    /** Above which score a row is of the second class. */
    static double threshold(Estimator estimator) {
        boolean decides =
                !estimator.labels().isEmpty()
                        && estimator.methods().contains(Method.DECISION_FUNCTION);
        return decides ? 0 : 0.5;
    }

    static Step oneColumn(State state, Step step) throws LoadFailure {
        if (step.columnsOut() != 1) {
            throw state.failure(
                    "an estimator answers with %d columns, not with one"
                            .formatted(step.columnsOut()));
        }
        return step;
    }

    /** The second of two probabilities. */
    static Step second(State state, Step pair) throws LoadFailure {
        if (pair.columnsOut() < 2) {
            throw state.failure("an estimator has the probability of one class alone");
        }
        return column(pair, 1);
    }

    static Step column(Step step, int column) {
        return Then.rowwise(step, 1, (in, from, out, to) -> out[to] = in[from + column]);
    }

    /** An estimator's way after what another made of the rows. */
    static Step behind(State state, Step first, Step way) throws LoadFailure {
        if (way.columnsIn() != first.columnsOut()) {
            throw state.failure(
                    "an estimator takes %d columns and is given %d"
                            .formatted(way.columnsIn(), first.columnsOut()));
        }
        return new Then(first, way.columnsOut(), found -> way.then(found).dense());
    }

    /** Refuses steps that do not take the same rows. */
    private static void agree(State state, List<Step> steps) throws LoadFailure {
        var first = steps.getFirst();
        for (var step : steps) {
            if (step.columnsIn() != first.columnsIn()
                    || step.takesDocuments() != first.takesDocuments()) {
                throw state.failure(
                        "its estimators take %d and %d columns"
                                .formatted(first.columnsIn(), step.columnsIn()));
            }
        }
        for (int column = 0; column < first.columnsIn(); column++) {
            var takes = first.takes(column);
            for (var step : steps) {
                if (!takes.agrees(step.takes(column))) {
                    throw state.unsupported("a column as text and as numbers at once");
                }
                takes = takes.with(step.takes(column));
            }
        }
    }

    /** The weights of the parts: one each, or those given to them by name. */
    Optional<double[]> weights() throws LoadFailure {
        if (!state.has("weights")) {
            return Optional.empty();
        }
        var all = state.numbers(state.needed("weights"), "weights");
        var named = state.items("estimators");
        var kept = new double[count()];
        int at = 0;
        for (int i = 0; i < named.size(); i++) {
            var pair = state.items(named.get(i)).orElse(List.of());
            boolean dropped = pair.size() == 2 && isDropped(pair.get(1));
            if (!dropped && i < all.length && at < kept.length) {
                kept[at++] = all[i];
            }
        }
        if (at != kept.length || named.size() != all.length) {
            throw state.failure("weights are not one for each estimator");
        }
        return Optional.of(kept);
    }
}
