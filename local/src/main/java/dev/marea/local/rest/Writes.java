package dev.marea.local.rest;

import dev.marea.local.api.Part;
import dev.marea.local.api.ServedKind;
import dev.marea.local.api.Source;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.api.StoredObjects.Written;
import dev.marea.local.api.Terms;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.patch.JsonPatch;
import dev.marea.local.patch.MergePatch;
import dev.marea.local.patch.Ownership;
import dev.marea.local.patch.StrategicPatch;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Create, update, the four patches, and delete: from a request to the stored object. */
final class Writes {
    private static final String APPLY = "application/apply-patch+yaml";

    private final StoredObjects objects;

    Writes(StoredObjects objects) {
        this.objects = objects;
    }

    Json.Obj create(Request request, ServedKind kind, String namespace, Answers answers)
            throws Refusal {
        refuseFixed(kind, "create");
        if (kind.resource().namespaced() && namespace.isEmpty()) {
            throw Refusal.methodNotAllowed(
                    "the server does not allow this method on the requested resource");
        }
        var object = typed(Body.object(request), kind);
        refuseOtherNamespace(object, namespace);
        return objects.create(
                kind, namespace, object, Options.terms(request, Json.Obj.EMPTY, true, answers));
    }

    private static void refuseFixed(ServedKind kind, String verb) throws Refusal {
        if (!kind.writable()) {
            throw new Refusal(
                    405,
                    "MethodNotAllowed",
                    "%s is not supported on %s: one machine serves a fixed set of kinds; use a"
                                    .formatted(verb, kind.resource().qualified())
                            + " cluster for others",
                    Json.Obj.EMPTY);
        }
    }

    /** The object says what it is, or says nothing and is what the path says. */
    private static Json.Obj typed(Json.Obj object, ServedKind kind) throws Refusal {
        var resource = kind.resource();
        var apiVersion = object.text("apiVersion").orElse(resource.apiVersion());
        var name = object.text("kind").orElse(resource.kind());
        if (!apiVersion.equals(resource.apiVersion())) {
            throw Refusal.badRequest(
                    "the API version in the data (%s) does not match the expected API version (%s)"
                            .formatted(apiVersion, resource.apiVersion()));
        }
        if (!name.equals(resource.kind())) {
            throw Refusal.badRequest(
                    "%s in version \"%s\" cannot be handled as a %s"
                            .formatted(name, resource.version(), resource.kind()));
        }
        return object;
    }

    private static void refuseOtherNamespace(Json.Obj object, String namespace) throws Refusal {
        var named = object.text("metadata", "namespace").orElse("");
        if (!named.isEmpty() && !named.equals(namespace)) {
            throw Refusal.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the"
                            + " request");
        }
    }

    private static void refuseOtherName(Json.Obj object, Key key) throws Refusal {
        refuseOtherNamespace(object, key.namespace());
        var named = object.text("metadata", "name").orElse(key.name());
        if (!named.equals(key.name())) {
            throw Refusal.badRequest(
                    "the name of the object (%s) does not match the name on the URL (%s)"
                            .formatted(named, key.name()));
        }
    }

    Json.Obj update(Request request, ServedKind kind, Key key, Part part, Answers answers)
            throws Refusal {
        refuseFixed(kind, "update");
        var object = typed(Body.object(request), kind);
        refuseOtherName(object, key);
        var terms = Options.terms(request, Json.Obj.EMPTY, true, answers);
        return objects.edit(key, part, _ -> object, terms);
    }

    Written patch(Request request, ServedKind kind, Key key, Part part, Answers answers)
            throws Refusal {
        refuseFixed(kind, "patch");
        var terms = Options.terms(request, Json.Obj.EMPTY, false, answers);
        if (Body.mediaType(request).equals(APPLY)) {
            return apply(request, kind, key, part, terms);
        }
        if (request.parameter("force").isPresent()) {
            throw Options.invalid(
                    new FieldError(
                            "force",
                            "FieldValueForbidden",
                            "Forbidden: may not be specified for non-apply patch"));
        }
        var patch = Body.read(request);
        var type = Body.mediaType(request);
        var done =
                objects.edit(
                        key,
                        part,
                        current -> {
                            var next = patched(kind, type, current, patch);
                            refuseOtherName(next, key);
                            return next;
                        },
                        terms);
        return new Written(done, false);
    }

    static Json.Obj patched(ServedKind kind, String type, Json.Obj current, Json patch)
            throws Refusal {
        return switch (type) {
            case "application/json-patch+json" -> JsonPatch.apply(current, patch);
            case "application/merge-patch+json" -> MergePatch.apply(current, object(patch));
            case "application/strategic-merge-patch+json" -> {
                if (kind.crd().isPresent()) {
                    throw unknownPatch(kind);
                }
                yield StrategicPatch.apply(kind.schema(), current, object(patch));
            }
            default -> throw unknownPatch(kind);
        };
    }

    private static Json.Obj object(Json patch) throws Refusal {
        if (patch instanceof Json.Obj object) {
            return object;
        }
        throw Refusal.badRequest("error decoding patch: it must be an object");
    }

    private static Refusal unknownPatch(ServedKind kind) {
        var types = new ArrayList<String>();
        types.add("application/json-patch+json");
        types.add("application/merge-patch+json");
        if (kind.crd().isEmpty()) {
            types.add("application/strategic-merge-patch+json");
        }
        types.add(APPLY);
        return new Refusal(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", types),
                Json.Obj.EMPTY);
    }

    private Written apply(Request request, ServedKind kind, Key key, Part part, Terms terms)
            throws Refusal {
        if (request.parameter("fieldManager").filter(m -> !m.isEmpty()).isEmpty()) {
            throw Options.invalid(
                    new FieldError(
                            "fieldManager",
                            "FieldValueRequired",
                            "Required value: is required for apply patch"));
        }
        var body = typed(Body.object(request), kind);
        refuseOtherName(body, key);
        if (!body.list("metadata", "managedFields").isEmpty()) {
            throw Refusal.badRequest("metadata.managedFields must be nil");
        }
        var config = applied(kind, key, body, terms);
        boolean force = Flags.of(request, "force");
        var author = objects.rules().author(terms.manager(), part.subresource());
        return objects.upsert(
                key,
                part,
                Source.APPLY,
                live -> {
                    if (live.isEmpty() && part != Part.MAIN) {
                        throw Refusal.notFound(key.resource(), key.name());
                    }
                    if (live.isEmpty() && body.at("metadata", "uid").isPresent()) {
                        throw Refusal.conflict(
                                key.resource(),
                                key.name(),
                                "uid mismatch: the provided object specified a uid, and no"
                                        + " existing object was found");
                    }
                    var seen = body.text("metadata", "resourceVersion").filter(v -> !v.isEmpty());
                    if (live.isPresent()
                            && seen.isPresent()
                            && !seen.equals(live.get().text("metadata", "resourceVersion"))) {
                        throw Refusal.modified(key.resource(), key.name());
                    }
                    return Ownership.applied(kind.schema(), live, config, author, force);
                },
                terms);
    }

    /** Types and unknown fields are the author's; what the API adds later is not. */
    private static Json.Obj applied(ServedKind kind, Key key, Json.Obj body, Terms terms)
            throws Refusal {
        var named =
                body.with("apiVersion", Json.of(kind.resource().apiVersion()))
                        .with("kind", Json.of(kind.resource().kind()))
                        .withAt(List.of("metadata", "name"), Json.of(key.name()));
        if (!key.namespace().isEmpty()) {
            named = named.withAt(List.of("metadata", "namespace"), Json.of(key.namespace()));
        }
        var decoded = kind.schema().decode(named, terms.unknownFields());
        decoded.warnings().forEach(terms.warnings());
        return decoded.object();
    }

    /** The marked object, or a Status that it is gone. */
    Json.Obj delete(Request request, ServedKind kind, Key key, Answers answers) throws Refusal {
        refuseFixed(kind, "delete");
        var options = Body.optional(request);
        var terms = Options.terms(request, options, false, answers);
        refuseNodesManager(terms);
        var deleted = objects.delete(key, Options.deletion(request, options), terms);
        return deleted.gone() ? gone(key, deleted.object()) : deleted.object();
    }

    /** Only the node in this process may say that a pod's process has ended. */
    private static void refuseNodesManager(Terms terms) throws Refusal {
        if (terms.manager().equals(Objects.NODE)) {
            throw Refusal.badRequest("fieldManager " + Objects.NODE + " is the node's own");
        }
    }

    private static Json.Obj gone(Key key, Json.Obj object) {
        return Json.Obj.of(
                "kind",
                "Status",
                "apiVersion",
                "v1",
                "metadata",
                Json.Obj.EMPTY,
                "status",
                "Success",
                "details",
                Json.Obj.of(
                        "name",
                        key.name(),
                        "group",
                        key.resource().group(),
                        "kind",
                        key.resource().plural(),
                        "uid",
                        new Meta(object).uid()));
    }

    /** Everything that the selector shows; what somebody else deletes meanwhile is no error. */
    List<Json.Obj> deleteAll(
            Request request, ServedKind kind, String namespace, Selection selector, Answers answers)
            throws Refusal {
        refuseFixed(kind, "deletecollection");
        var options = Body.optional(request);
        var terms = Options.terms(request, options, false, answers);
        refuseNodesManager(terms);
        var how = Options.deletion(request, options);
        var deleted = new ArrayList<Json.Obj>();
        for (var object : objects.list(kind.resource(), namespace).items()) {
            if (selector.matches(object)) {
                try {
                    var key = new Meta(object).key(kind.resource());
                    deleted.add(objects.delete(key, how, terms).object());
                } catch (Refusal refused) {
                    if (!refused.notFound()) {
                        throw refused;
                    }
                }
            }
        }
        return deleted;
    }
}
