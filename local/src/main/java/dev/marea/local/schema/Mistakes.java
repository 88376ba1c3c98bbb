package dev.marea.local.schema;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Collects mistakes in fields, in Kubernetes' words. */
final class Mistakes {
    /** More do not help anyone, and an answer must not grow with what was sent. */
    private static final int MAX = 100;

    private final List<FieldError> found = new ArrayList<>();

    List<FieldError> found() {
        return List.copyOf(found);
    }

    private void add(String field, String reason, String message) {
        if (found.size() < MAX) {
            found.add(new FieldError(field, reason, message));
        }
    }

    void required(String field) {
        add(field, "FieldValueRequired", "Required value");
    }

    void required(String field, String why) {
        add(field, "FieldValueRequired", "Required value: " + why);
    }

    void invalid(String field, Json value, String why) {
        add(field, "FieldValueInvalid", "Invalid value: " + value + ": " + why);
    }

    void unsupported(String field, Json value, Collection<?> supported) {
        var list =
                supported.stream()
                        .map(v -> Json.of(v).toString())
                        .collect(Collectors.joining(", "));
        add(
                field,
                "FieldValueNotSupported",
                "Unsupported value: " + value + ": supported values: " + list);
    }

    void duplicate(String field, Json value) {
        add(field, "FieldValueDuplicate", "Duplicate value: " + value);
    }

    void notFound(String field, Json value) {
        add(field, "FieldValueNotFound", "Not found: " + value);
    }

    void forbidden(String field, String why) {
        add(field, "FieldValueForbidden", "Forbidden: " + why);
    }

    void tooLong(String field, int bytesMax) {
        add(field, "FieldValueTooLong", "Too long: may not be more than " + bytesMax + " bytes");
    }

    void tooMany(String field, int count, int max) {
        add(
                field,
                "FieldValueTooMany",
                "Too many: " + count + ": must have at most " + max + " items");
    }

    void immutable(String field, Json before, Json after) {
        if (!before.equals(after)) {
            invalid(field, after, "field is immutable");
        }
    }

    void range(String field, Json value, long min, long max) {
        if (value instanceof Json.Int(var n) && (n < min || n > max)) {
            invalid(
                    field,
                    value,
                    max == Integer.MAX_VALUE || max == Long.MAX_VALUE
                            ? "must be greater than or equal to " + min
                            : "must be between " + min + " and " + max + ", inclusive");
        }
    }
}
