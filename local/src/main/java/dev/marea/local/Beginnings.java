package dev.marea.local;

import dev.marea.local.api.Part;
import dev.marea.local.api.Source;
import dev.marea.local.api.StoredObjects;
import dev.marea.local.api.Terms;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/** What every API holds from its first moment: namespaces, and the definitions that it serves. */
final class Beginnings {
    private static final List<String> NAMESPACES =
            List.of("default", "kube-system", "marea-system");
    private static final String MANAGER = "marea-api";

    private final StoredObjects objects;

    private Beginnings(StoredObjects objects) {
        this.objects = objects;
    }

    static void make(StoredObjects objects) {
        try {
            var beginnings = new Beginnings(objects);
            beginnings.makeNamespaces();
            beginnings.makeDefinitions();
        } catch (Refusal refused) {
            throw new IllegalStateException("cannot begin: " + refused.getMessage(), refused);
        }
    }

    private void makeNamespaces() throws Refusal {
        for (var name : NAMESPACES) {
            if (objects.get(Key.namespace(name)).isEmpty()) {
                objects.create(
                        Json.Obj.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Namespace",
                                "metadata",
                                Json.Obj.of("name", name)),
                        MANAGER);
            }
        }
    }

    private void makeDefinitions() throws Refusal {
        var names = new ArrayList<String>();
        for (var definition : objects.catalog().definitions()) {
            var key = new Key(Resource.CRD, "", definition.text("metadata", "name").orElseThrow());
            names.add(key.name());
            objects.upsert(
                    key,
                    Part.MAIN,
                    Source.WHOLE,
                    stored -> established(definition, stored.orElse(definition)),
                    Terms.inProcess(MANAGER));
        }
        for (var stored : objects.list(Resource.CRD, "").items()) {
            var name = stored.text("metadata", "name").orElse("");
            if (!names.contains(name)) {
                objects.delete(new Key(Resource.CRD, "", name), MANAGER);
            }
        }
    }

    /** The definition as clients wait for it, with the time that it was first served. */
    private static Json.Obj established(Json.Obj definition, Json.Obj stored) {
        var names = definition.object("spec", "names");
        var versions =
                definition.list("spec", "versions").stream()
                        .filter(version -> version.flag("storage"))
                        .flatMap(version -> version.text("name").stream())
                        .toList();
        var status =
                Json.Obj.of(
                        "acceptedNames",
                        names,
                        "conditions",
                        List.of(
                                condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                                condition(
                                        "Established",
                                        "InitialNamesAccepted",
                                        "the initial names have been accepted")),
                        "storedVersions",
                        versions);
        return stored.with("spec", definition.object("spec")).with("status", status);
    }

    private static Json.Obj condition(String type, String reason, String message) {
        return Json.Obj.of("type", type, "status", "True", "reason", reason, "message", message);
    }
}
