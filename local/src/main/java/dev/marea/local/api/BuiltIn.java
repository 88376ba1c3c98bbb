package dev.marea.local.api;

import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What Kubernetes fills in and forbids for single kinds of its own, beyond their schemas. */
final class BuiltIn {
    private BuiltIn() {}

    static Json.Obj defaulted(ServedKind kind, Json.Obj object) {
        var resource = kind.resource();
        if (resource.equals(Resource.SECRET)) {
            return secret(object);
        }
        if (resource.equals(Resource.NAMESPACE)) {
            return namespace(object);
        }
        if (resource.equals(Resource.POD) && !object.has("status")) {
            return object.with("status", Json.Obj.of("phase", "Pending"));
        }
        if (resource.equals(Resource.PVC) && !object.has("status")) {
            return object.with("status", Json.Obj.of("phase", "Pending"));
        }
        return object;
    }

    private static Json.Obj secret(Json.Obj secret) {
        var next = secret;
        var plain = secret.object("stringData");
        if (!plain.isEmpty()) {
            var data = secret.object("data");
            for (var entry : plain.fields().entrySet()) {
                var text = entry.getValue() instanceof Json.Str(var s) ? s : "";
                var encoded =
                        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
                data = data.with(entry.getKey(), Json.of(encoded));
            }
            next = next.with("data", data);
        }
        next = next.without("stringData");
        return next.text("type").filter(t -> !t.isEmpty()).isPresent()
                ? next
                : next.with("type", Json.of("Opaque"));
    }

    /** Every namespace bears its name as a label, and stays until its contents are gone. */
    private static Json.Obj namespace(Json.Obj namespace) {
        var next =
                namespace.withAt(
                        List.of("metadata", "labels", "kubernetes.io/metadata.name"),
                        Json.of(Metadata.name(namespace)));
        if (!Metadata.terminating(next) && next.list("spec", "finalizers").isEmpty()) {
            next = next.withAt(List.of("spec", "finalizers"), Json.of(List.of("kubernetes")));
        }
        return next.has("status") ? next : next.with("status", Json.Obj.of("phase", "Active"));
    }

    static List<FieldError> check(ServedKind kind, Optional<Json.Obj> before, Json.Obj after) {
        var resource = kind.resource();
        var errors = new ArrayList<FieldError>();
        if (resource.equals(Resource.DEPLOYMENT) || resource.equals(Resource.REPLICA_SET)) {
            checkSelector(before, after, errors);
        }
        if (before.isPresent() && before.get().flag("immutable")) {
            for (var field : List.of("data", "binaryData")) {
                if (!before.get().at(field).equals(after.at(field))) {
                    errors.add(forbidden(field, "field is immutable when `immutable` is set"));
                }
            }
        }
        return errors;
    }

    private static void checkSelector(
            Optional<Json.Obj> before, Json.Obj after, List<FieldError> errors) {
        var selector = after.at("spec", "selector");
        if (before.isPresent() && !before.get().at("spec", "selector").equals(selector)) {
            errors.add(
                    FieldError.invalid(
                            "spec.selector",
                            "Invalid value: %s: field is immutable"
                                    .formatted(selector.map(Json::toString).orElse("null"))));
            return;
        }
        if (selector.isEmpty()) {
            errors.add(new FieldError("spec.selector", "FieldValueRequired", "Required value"));
            return;
        }
        var labels = after.object("spec", "template", "metadata", "labels");
        var matched = after.object("spec", "selector", "matchLabels").fields().entrySet();
        if (!matched.stream()
                .allMatch(want ->
                        labels.at(want.getKey()).filter(want.getValue()::equals).isPresent())) {
            errors.add(
                    FieldError.invalid(
                            "spec.template.metadata.labels",
                            "Invalid value: %s: `selector` does not match template `labels`"
                                    .formatted(labels)));
        }
    }

    private static FieldError forbidden(String field, String why) {
        return new FieldError(field, "FieldValueForbidden", "Forbidden: " + why);
    }
}
