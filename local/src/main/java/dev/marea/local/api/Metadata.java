package dev.marea.local.api;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Writes the parts of {@code metadata} that belong to the API, not to authors. */
final class Metadata {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    /** What an author may not change; the API's own value always wins. */
    private static final List<String> OWN =
            List.of(
                    "uid",
                    "creationTimestamp",
                    "generation",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "resourceVersion",
                    "generateName");

    private Metadata() {}

    static Json.Obj with(Json.Obj object, String field, Json value) {
        return object.with("metadata", object.object("metadata").with(field, value));
    }

    static Json.Obj without(Json.Obj object, String field) {
        return object.has("metadata")
                ? object.with("metadata", object.object("metadata").without(field))
                : object;
    }

    static Json.Obj withFinalizers(Json.Obj object, List<String> finalizers) {
        return finalizers.isEmpty()
                ? without(object, "finalizers")
                : with(object, "finalizers", Json.of(finalizers));
    }

    /** Takes the API's own fields from the stored object, or drops them where it has none. */
    static Json.Obj keepOwn(Json.Obj stored, Json.Obj next) {
        var metadata = next.object("metadata").without("selfLink");
        for (var field : OWN) {
            Optional<Json> own = stored.at("metadata", field);
            metadata = own.isPresent() ? metadata.with(field, own.get()) : metadata.without(field);
        }
        return next.with("metadata", metadata);
    }

    static Json.Obj dropOwn(Json.Obj object) {
        var metadata = object.object("metadata").without("selfLink");
        for (var field : OWN) {
            if (!field.equals("generateName")) {
                metadata = metadata.without(field);
            }
        }
        return object.with("metadata", metadata);
    }
}
