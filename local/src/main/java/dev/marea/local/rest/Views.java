package dev.marea.local.rest;

import dev.marea.local.api.ServedKind;
import dev.marea.local.objects.Refusal;
import dev.marea.local.tables.Tables;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Objects in the form that the client accepts. */
final class Views {
    private final Map<ServedKind, Tables> tables = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Views(InstantSource clock) {
        this.clock = clock;
    }

    /** How one request wants to see objects. */
    record Form(Accepted accepted, Tables.Include include) {
        static Form of(Request request) throws Refusal {
            var include =
                    switch (request.parameter("includeObject").orElse("")) {
                        case "", "Metadata" -> Tables.Include.METADATA;
                        case "None" -> Tables.Include.NONE;
                        case "Object" -> Tables.Include.OBJECT;
                        default ->
                                throw Refusal.badRequest(
                                        "includeObject must be None, Metadata or Object");
                    };
            return new Form(Accepted.of(request), include);
        }
    }

    Json.Obj one(ServedKind kind, Json.Obj object, Form form, boolean headed) {
        return switch (form.accepted()) {
            case OBJECT, DISCOVERY -> object;
            case PARTIAL -> Tables.partial(object);
            case TABLE ->
                    table(
                            kind,
                            List.of(object),
                            Json.Obj.of(
                                    "resourceVersion",
                                    object.text("metadata", "resourceVersion").orElse("")),
                            form,
                            headed);
        };
    }

    Json.Obj list(ServedKind kind, List<Json.Obj> objects, Json.Obj metadata, Form form) {
        return switch (form.accepted()) {
            case OBJECT, DISCOVERY ->
                    listed(
                            kind.resource().kind() + "List",
                            kind.resource().apiVersion(),
                            objects,
                            metadata);
            case PARTIAL ->
                    listed(
                            "PartialObjectMetadataList",
                            "meta.k8s.io/v1",
                            objects.stream().map(Tables::partial).toList(),
                            metadata);
            case TABLE -> table(kind, objects, metadata, form, true);
        };
    }

    private static Json.Obj listed(
            String kind, String apiVersion, List<Json.Obj> items, Json.Obj metadata) {
        return Json.Obj.of(
                "kind", kind, "apiVersion", apiVersion, "metadata", metadata, "items", items);
    }

    private Json.Obj table(
            ServedKind kind, List<Json.Obj> objects, Json.Obj metadata, Form form, boolean headed) {
        return tables.computeIfAbsent(kind, k -> Tables.of(k.resource(), k.crdVersion()))
                .table(objects, metadata, form.include(), headed, clock.instant());
    }
}
