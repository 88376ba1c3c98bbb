package dev.marea.local.patch;

import dev.marea.local.schema.Schema;
import dev.marea.wire.json.Json;

/**
 * Takes out of a merged object what its applier sent last time, does not send now, and nobody else
 * owns.
 */
record Pruning(Schema schema, Json.Obj merged, Owners owners, FieldSet lastSet) {
    Json.Obj pruned() {
        if (lastSet.isEmpty()) {
            return merged;
        }
        var all = full(TypedFields.of(schema, merged));
        var bare = TypedMerge.without(schema, merged, full(lastSet));
        // First everything goes that was sent last time, then comes back what someone owns ...
        var kept = full(TypedFields.of(schema, bare)).union(full(owners.union()));
        var owned = TypedMerge.without(schema, merged, all.without(kept));
        // ... and what went along with it but was never this applier's.
        var gone = all.without(full(TypedFields.of(schema, owned))).common(full(lastSet));
        return TypedMerge.without(schema, merged, gone);
    }

    private FieldSet full(FieldSet set) {
        return set.withNamed(new TypedFields.Named(schema));
    }
}
