package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Method;
import java.util.List;

/** What an estimator makes of its step's numbers. */
sealed interface Estimator {
    Step step();

    /** The step's numbers; the rows have been checked. */
    default Matrix scores(Data rows) throws BadInput {
        return step().apply(rows).dense();
    }

    /** What it answers; the first is its own. */
    List<Method> methods();

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
    }

    record Transformer(Step step) implements Estimator {
        @Override
        public List<Method> methods() {
            return List.of(Method.TRANSFORM);
        }
    }
}
