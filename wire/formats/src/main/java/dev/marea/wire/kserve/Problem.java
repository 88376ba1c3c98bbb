package dev.marea.wire.kserve;

/**
 * One mistake in a manifest, said so that its author can mend it.
 *
 * @param field the path as kubectl prints it, for example {@code spec.predictor.minReplicas}
 * @param message what is wrong, the limit and the fix, without the path
 */
public record Problem(String field, Kind kind, String message) {
    /** Kubernetes' words for the cause of a refusal. */
    public enum Kind {
        INVALID("FieldValueInvalid"),
        WRONG_TYPE("FieldValueTypeInvalid"),
        MISSING("FieldValueRequired"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        FORBIDDEN("FieldValueForbidden");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
