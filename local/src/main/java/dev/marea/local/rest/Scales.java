package dev.marea.local.rest;

import dev.marea.local.api.Part;
import dev.marea.local.api.ServedKind;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.patch.MergePatch;
import dev.marea.local.tables.JsonPath;
import dev.marea.local.tables.SelectorText;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** The {@code autoscaling/v1 Scale} of every kind that has replicas. */
final class Scales {
    private static final Resource SCALE =
            new Resource("autoscaling", "v1", "scales", "Scale", true);

    private final StoredObjects objects;

    Scales(StoredObjects objects) {
        this.objects = objects;
    }

    Json.Obj get(ServedKind kind, Key key) throws Refusal {
        return view(
                kind,
                objects.get(key).orElseThrow(() -> Refusal.notFound(key.resource(), key.name())));
    }

    private static ServedKind.Scale paths(ServedKind kind) throws Refusal {
        return kind.scale().orElseThrow(Target::unknown);
    }

    private static Json.Obj view(ServedKind kind, Json.Obj object) throws Refusal {
        var paths = paths(kind);
        var metadata = Json.Obj.EMPTY;
        for (var field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            var value = object.at("metadata", field);
            if (value.isPresent()) {
                metadata = metadata.with(field, value.get());
            }
        }
        var status = Json.Obj.of("replicas", number(paths.statusPath(), object));
        var selector =
                paths.selectorPath()
                        .flatMap(path -> JsonPath.parse(path).first(object))
                        .map(SelectorText::of);
        if (selector.isPresent()) {
            status = status.with("selector", Json.of(selector.get()));
        }
        return Json.Obj.of(
                "kind",
                "Scale",
                "apiVersion",
                "autoscaling/v1",
                "metadata",
                metadata,
                "spec",
                Json.Obj.of("replicas", number(paths.specPath(), object)),
                "status",
                status);
    }

    private static long number(String path, Json.Obj object) {
        return JsonPath.parse(path).first(object).orElse(Json.Null.VALUE) instanceof Json.Int(var n)
                ? n
                : 0;
    }

    Json.Obj update(Request request, ServedKind kind, Key key, Answers answers) throws Refusal {
        var wanted = Body.object(request);
        return write(request, kind, key, _ -> wanted, answers);
    }

    Json.Obj patch(Request request, ServedKind kind, Key key, Answers answers) throws Refusal {
        var patch = Body.read(request);
        var type = Body.mediaType(request);
        boolean merges =
                type.equals("application/apply-patch+yaml")
                        || type.equals("application/strategic-merge-patch+json");
        return write(
                request,
                kind,
                key,
                scale ->
                        merges && patch instanceof Json.Obj object
                                ? MergePatch.apply(scale, object)
                                : Writes.patched(kind, type, scale, patch),
                answers);
    }

    private Json.Obj write(
            Request request, ServedKind kind, Key key, StoredObjects.Edit edit, Answers answers)
            throws Refusal {
        var path = fieldNames(paths(kind).specPath());
        var terms = Options.terms(request, Json.Obj.EMPTY, false, answers);
        var done =
                objects.edit(
                        key,
                        Part.SCALE,
                        current -> {
                            var scale = edit.of(view(kind, current));
                            var version = scale.text("metadata", "resourceVersion").orElse("");
                            return withVersion(
                                    current.withAt(path, Json.of(replicas(scale, key))), version);
                        },
                        terms);
        return view(kind, done);
    }

    private static Json.Obj withVersion(Json.Obj object, String version) {
        var path = List.of("metadata", "resourceVersion");
        return version.isEmpty() ? object.withoutAt(path) : object.withAt(path, Json.of(version));
    }

    private static List<String> fieldNames(String path) {
        Optional<List<String>> names = JsonPath.parse(path).fieldNames();
        return names.orElseThrow(
                () -> new IllegalStateException("a scale path has only fields, was " + path));
    }

    private static long replicas(Json.Obj scale, Key key) throws Refusal {
        long replicas = scale.integer("spec", "replicas").orElse(0);
        if (replicas < 0 || replicas > Integer.MAX_VALUE) {
            throw Refusal.invalid(
                    SCALE,
                    key.name(),
                    List.of(
                            FieldError.invalid(
                                    "spec.replicas",
                                    "Invalid value: %d: must be greater than or equal to 0"
                                            .formatted(replicas))));
        }
        return replicas;
    }
}
