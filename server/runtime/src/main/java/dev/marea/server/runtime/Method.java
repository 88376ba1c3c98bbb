package dev.marea.server.runtime;

import java.util.Optional;

/** The questions that a model may answer, by the names that scikit-learn gave them. */
public enum Method {
    PREDICT("predict"),
    PREDICT_PROBA("predict_proba"),
    DECISION_FUNCTION("decision_function"),
    TRANSFORM("transform"),
    EXPLAIN("explain");

    private final String wireName;

    Method(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<Method> named(String wireName) {
        for (var method : values()) {
            if (method.wireName.equals(wireName)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return wireName;
    }
}
