package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Judges a create or update of one of our kinds. Pure: a cluster serves it as a webhook, one
 * machine calls it in process.
 */
public interface Admission {
    /** Judges nothing and lets everything pass, for kinds that are not ours. */
    Admission NONE = (_, _) -> Verdict.PASS;

    /**
     * @param before the stored object, empty on create
     */
    Verdict review(Optional<Json.Obj> before, Json.Obj after);

    /** No errors means admitted; warnings reach the author either way. */
    record Verdict(List<FieldError> errors, List<String> warnings) {
        public static final Verdict PASS = new Verdict(List.of(), List.of());

        public Verdict {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One mistake in a manifest.
     *
     * @param field the path as kubectl prints it, for example {@code
     *     spec.predictor.canaryTrafficPercent}
     * @param kind Kubernetes' cause, for example FieldValueInvalid
     */
    record FieldError(String field, String kind, String message) {
        public static FieldError invalid(String field, String message) {
            return new FieldError(field, "FieldValueInvalid", message);
        }
    }
}
