package dev.marea.wire.admission;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Flags that make an engine run code that lies beside a model. Whoever published the model would
 * then act in the service's place, so its author must say that this is meant.
 */
final class RemoteCode {
    static final String ALLOWED = "marea.dev/allow-remote-code";
    private static final Set<String> FLAGS = Set.of("trust-remote-code");

    private RemoteCode() {}

    static List<FieldError> check(Json.Obj object) {
        if (object.text("metadata", "annotations", ALLOWED).filter("true"::equals).isPresent()) {
            return List.of();
        }
        var errors = new ArrayList<FieldError>();
        for (var container : PodParts.of(object).containers()) {
            for (var field : List.of("command", "args")) {
                var words = container.tree().list(field);
                for (int i = 0; i < words.size(); i++) {
                    if (words.get(i) instanceof Json.Str(var word) && FLAGS.contains(flag(word))) {
                        errors.add(
                                new FieldError(
                                        "%s.%s[%d]".formatted(container.path(), field, i),
                                        "FieldValueForbidden",
                                        "runs code from the model's repository with the rights of this service; if that is meant, annotate it with "
                                                + ALLOWED
                                                + ": \"true\""));
                    }
                }
            }
        }
        return errors;
    }

    /** {@code --trust_remote_code=1} and {@code --trust-remote-code} are one flag. */
    private static String flag(String word) {
        var name = word.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        var bare = name.startsWith("--") ? name.substring(2) : "";
        return bare.contains("=") ? bare.substring(0, bare.indexOf('=')) : bare;
    }
}
