package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Method;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an estimator makes of its step's numbers. */
sealed interface Estimator {
    Step step();

    /** The step's numbers; the rows have been checked. */
    default Matrix scores(Data rows) throws BadInput {
        return step().apply(rows).dense();
    }

    /** The most numbers that an answer has in a row. */
    default int width() {
        return Math.max(step().columnsOut(), 2);
    }

    /** What it answers; the first is its own. */
    List<Method> methods();

    /** What the numbers of predict stand for, one a column; empty if for themselves. */
    default List<Classes> labels() {
        return List.of();
    }

    /** The numbers of one method; predict gives places where there are labels. */
    default Optional<Step> way(Method method) {
        return methods().contains(method) ? Optional.of(step()) : Optional.empty();
    }

    /**
     * Chooses a class by the scores of a step.
     *
     * @param scores whether the scores themselves are an answer (decision_function)
     */
    record Classifier(Step step, Classes classes, Choice choice, Link link, boolean scores)
            implements Estimator {
        @Override
        public List<Method> methods() {
            if (!scores) {
                return List.of(Method.PREDICT, Method.PREDICT_PROBA);
            }
            return link == Link.NONE
                    ? List.of(Method.PREDICT, Method.DECISION_FUNCTION)
                    : List.of(Method.PREDICT, Method.PREDICT_PROBA, Method.DECISION_FUNCTION);
        }

        @Override
        public List<Classes> labels() {
            return List.of(classes);
        }

        @Override
        public Optional<Step> way(Method method) {
            if (!methods().contains(method)) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (method) {
                        case PREDICT -> Then.choosing(step, choice);
                        case PREDICT_PROBA -> Then.linked(step, link);
                        case DECISION_FUNCTION, TRANSFORM, EXPLAIN -> step;
                    });
        }
    }

    /**
     * Gives the step's numbers.
     *
     * @param flat one number a row, in a tensor of one dimension
     */
    record Regressor(Step step, boolean flat) implements Estimator {
        @Override
        public List<Method> methods() {
            return List.of(Method.PREDICT);
        }
    }

    /** Chooses the nearest centre; the step gives the distances. */
    record Clusterer(Step step) implements Estimator {
        @Override
        public List<Method> methods() {
            return List.of(Method.PREDICT, Method.TRANSFORM);
        }

        @Override
        public Optional<Step> way(Method method) {
            return method == Method.PREDICT
                    ? Optional.of(Then.nearest(step))
                    : Estimator.super.way(method);
        }
    }

    record Transformer(Step step) implements Estimator {
        @Override
        public List<Method> methods() {
            return List.of(Method.TRANSFORM);
        }
    }

    /**
     * Answers each method in a way of its own.
     *
     * @param flat one number or label a row, in a tensor of one dimension
     * @param apart whether probabilities are a tensor for each of the labels
     */
    record ByMethod(List<Classes> labels, boolean flat, boolean apart, Map<Method, Step> ways)
            implements Estimator {
        public ByMethod {
            labels = List.copyOf(labels);
            ways = Collections.unmodifiableMap(new EnumMap<>(ways));
        }

        /** Chooses among one set of labels. */
        static ByMethod of(Classes classes, Map<Method, Step> ways) {
            return new ByMethod(List.of(classes), true, false, ways);
        }

        @Override
        public Step step() {
            return ways.values().iterator().next();
        }

        @Override
        public int width() {
            return ways.values().stream().mapToInt(Step::columnsOut).max().orElse(0);
        }

        @Override
        public List<Method> methods() {
            return List.copyOf(ways.keySet());
        }

        @Override
        public Optional<Step> way(Method method) {
            return Optional.ofNullable(ways.get(method));
        }
    }
}
