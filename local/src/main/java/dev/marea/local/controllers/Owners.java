package dev.marea.local.controllers;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Changes an object's ownerReferences. */
final class Owners {
    private static final List<String> PATH = List.of("metadata", "ownerReferences");

    private Owners() {}

    static Json.Obj with(Json.Obj object, Json.Obj reference) {
        var references = new ArrayList<>(object.list("metadata", "ownerReferences"));
        references.add(reference);
        return object.withAt(PATH, Json.of(references));
    }

    /** Without the owners of these uids. */
    static Json.Obj without(Json.Obj object, Predicate<String> uid) {
        var references = object.list("metadata", "ownerReferences");
        var kept =
                references.stream().filter(ref -> !uid.test(ref.text("uid").orElse(""))).toList();
        if (kept.size() == references.size()) {
            return object;
        }
        return kept.isEmpty() ? object.withoutAt(PATH) : object.withAt(PATH, Json.of(kept));
    }
}
