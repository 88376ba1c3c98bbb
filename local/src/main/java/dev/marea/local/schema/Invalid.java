package dev.marea.local.schema;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/** Turns mistakes in fields into the refusal that kubectl prints. */
public final class Invalid {
    private Invalid() {}

    /** 422 {@code Deployment.apps "web" is invalid: spec.selector: Required value}. */
    public static Refusal refusal(Resource resource, String name, List<FieldError> mistakes) {
        var kind =
                resource.group().isEmpty()
                        ? resource.kind()
                        : resource.kind() + "." + resource.group();
        var details =
                Json.Obj.of(
                        "name",
                        name,
                        "group",
                        resource.group(),
                        "kind",
                        resource.kind(),
                        "causes",
                        mistakes.stream().map(Invalid::cause).toList());
        var message = "%s \"%s\" is invalid: %s".formatted(kind, name, joined(mistakes));
        return new Refusal(422, "Invalid", message, details);
    }

    private static Json cause(FieldError mistake) {
        return Json.Obj.of(
                "reason", mistake.kind(), "message", mistake.message(), "field", mistake.field());
    }

    private static String joined(List<FieldError> mistakes) {
        var texts = mistakes.stream().map(m -> m.field() + ": " + m.message()).distinct().toList();
        return texts.size() == 1
                ? texts.getFirst()
                : texts.stream().collect(Collectors.joining(", ", "[", "]"));
    }
}
