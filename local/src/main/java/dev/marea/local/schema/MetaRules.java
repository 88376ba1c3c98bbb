package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rules of names, labels and annotations that hold for every object. */
record MetaRules(Mistakes mistakes) {
    private static final int ANNOTATIONS_BYTES_MAX = 256 << 10;

    void check(Resource resource, Optional<Json.Obj> before, Json.Obj object) {
        name(resource, object);
        before.ifPresent(old -> finalizers(old, object));
        labels("metadata.labels", object.object("metadata", "labels"));
        annotations(object.object("metadata", "annotations"));
        owners(object);
    }

    private void name(Resource resource, Json.Obj object) {
        var name = object.text("metadata", "name").orElse("");
        if (name.isEmpty()) {
            mistakes.required("metadata.name", "name or generateName is required");
            return;
        }
        syntaxOf(resource)
                .mistake(name)
                .ifPresent(why -> mistakes.invalid("metadata.name", Json.of(name), why));
    }

    private static Names syntaxOf(Resource resource) {
        if (resource.equals(Resource.SERVICE)) {
            return Names.SERVICE;
        }
        return resource.equals(Resource.NAMESPACE) ? Names.LABEL : Names.SUBDOMAIN;
    }

    void labels(String path, Json.Obj labels) {
        labels.fields()
                .forEach((key, value) -> {
                    Names.qualifiedMistake(key)
                            .ifPresent(why -> mistakes.invalid(path, Json.of(key), why));
                    if (value instanceof Json.Str(var text)) {
                        Names.LABEL_VALUE
                                .mistake(text)
                                .ifPresent(why -> mistakes.invalid(path, value, why));
                    }
                });
    }

    private void annotations(Json.Obj annotations) {
        long bytes = 0;
        for (var annotation : annotations.fields().entrySet()) {
            var key = annotation.getKey();
            Names.qualifiedMistake(key.toLowerCase(Locale.ROOT))
                    .ifPresent(why -> mistakes.invalid("metadata.annotations", Json.of(key), why));
            var value = annotation.getValue() instanceof Json.Str(var text) ? text : "";
            bytes += key.length() + (long) value.getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > ANNOTATIONS_BYTES_MAX) {
            mistakes.tooLong("metadata.annotations", ANNOTATIONS_BYTES_MAX);
        }
    }

    /** What is being deleted gets no new reason to stay. */
    private void finalizers(Json.Obj before, Json.Obj object) {
        if (before.at("metadata", "deletionTimestamp").isEmpty()) {
            return;
        }
        var added = new ArrayList<>(object.list("metadata", "finalizers"));
        added.removeAll(before.list("metadata", "finalizers"));
        if (!added.isEmpty()) {
            mistakes.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new"
                            + " finalizers "
                            + added.stream()
                                    .map(Json::toString)
                                    .collect(Collectors.joining(", ", "[]string{", "}")));
        }
    }

    private void owners(Json.Obj object) {
        var owners = object.list("metadata", "ownerReferences");
        for (int i = 0; i < owners.size(); i++) {
            for (var field : new String[] {"apiVersion", "kind", "name", "uid"}) {
                if (owners.get(i).text(field).orElse("").isEmpty()) {
                    mistakes.required("metadata.ownerReferences[" + i + "]." + field);
                }
            }
        }
    }
}
