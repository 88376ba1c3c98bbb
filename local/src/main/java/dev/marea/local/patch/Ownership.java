package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.schema.Kind;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Who owns which field ({@code metadata.managedFields}), through updates and server-side apply. */
public final class Ownership {
    private Ownership() {}

    /**
     * The next object of a create, update or patch with its managedFields: the author owns what it
     * changed. Call it with the decoded and defaulted object. If nothing but the time of an entry
     * would change, the live entries are kept, so that {@code next} equals {@code live}.
     */
    public static Json.Obj updated(
            Kind kind, Optional<Json.Obj> live, Json.Obj next, Author author) {
        return live.flatMap(l -> l.at("metadata", "managedFields"))
                .map(fields -> next.withAt(List.of("metadata", "managedFields"), fields))
                .orElse(next);
    }

    /**
     * Server-side apply: the live object (empty: create) merged with the applied configuration,
     * with managedFields. Decode the configuration's types before ({@link Kind#decode}, without
     * defaults) and default the answer after. Refused with Conflict where another manager owns a
     * changed field, unless forced.
     */
    public static Json.Obj applied(
            Kind kind, Optional<Json.Obj> live, Json.Obj config, Author author, boolean force)
            throws Refusal {
        return updated(kind, live, MergePatch.apply(live.orElse(Json.Obj.EMPTY), config), author);
    }
}
