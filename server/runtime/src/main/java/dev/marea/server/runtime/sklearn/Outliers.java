package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.Map;

/** Models that tell what is usual (1) from what is not (-1). */
final class Outliers {
    private static final Classes ONE_OR_MINUS_ONE =
            new Classes(Datatype.INT64, new Elements.Longs(new long[] {-1, 1}));

    private Outliers() {}

    /** Usual where the decision is on the right side of zero. */
    static Estimator above(Step decision, Choice choice) {
        return ByMethod.of(
                ONE_OR_MINUS_ONE,
                Map.of(
                        Method.PREDICT,
                        Then.choosing(decision, choice),
                        Method.DECISION_FUNCTION,
                        decision));
    }
}
