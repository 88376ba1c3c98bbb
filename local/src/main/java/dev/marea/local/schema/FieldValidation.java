package dev.marea.local.schema;

import java.util.Optional;

/** What happens to fields that a kind does not have: the query parameter fieldValidation. */
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    /** Reads {@code Ignore}, {@code Warn} or {@code Strict}; empty for anything else. */
    public static Optional<FieldValidation> of(String text) {
        return switch (text) {
            case "Ignore" -> Optional.of(IGNORE);
            case "", "Warn" -> Optional.of(WARN);
            case "Strict" -> Optional.of(STRICT);
            default -> Optional.empty();
        };
    }
}
