package dev.marea.local.patch;

import dev.marea.local.schema.Schema;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.wire.json.Json;
import org.jspecify.annotations.Nullable;

/** How one value is owned and merged: as a whole, field by field, or item by item. */
sealed interface Shape {
    record Leaf() implements Shape {}

    record Fields(Schema schema) implements Shape {
        Schema field(String name) {
            return schema.field(name).orElse(Schema.Free.ANY);
        }

        boolean named(String name) {
            return schema instanceof Schema.Struct struct && struct.fields().containsKey(name);
        }
    }

    record Keyed(Schema element, ListMerge merge) implements Shape {}

    Leaf LEAF = new Leaf();

    /** Where the schema knows nothing the value decides: objects by field, lists as a whole. */
    static Shape of(Schema schema, Json value) {
        return switch (schema) {
            case Schema.Struct struct -> struct.atomic() ? LEAF : new Fields(struct);
            case Schema.Dict dict -> dict.atomic() ? LEAF : new Fields(dict);
            case Schema.Items items ->
                    items.merge() instanceof ListMerge.Atomic
                            ? LEAF
                            : new Keyed(items.element(), items.merge());
            case Schema.Free free -> value instanceof Json.Obj ? new Fields(free) : LEAF;
            case Schema.Scalar _ -> LEAF;
        };
    }

    /**
     * The shape of two values side by side; one may be missing. Two empty ones, and two that an
     * unknown type lets differ in kind, are leaves: so the difference of null and empty is kept.
     */
    static Shape of(Schema schema, @Nullable Json left, @Nullable Json right) {
        if (nothingIn(left) && nothingIn(right)) {
            return LEAF;
        }
        boolean alike =
                left == null
                        || right == null
                        || left instanceof Json.Null
                        || right instanceof Json.Null
                        || left.getClass() == right.getClass();
        if (!alike) {
            return LEAF;
        }
        return of(schema, left == null || left instanceof Json.Null ? some(right) : left);
    }

    private static Json some(@Nullable Json value) {
        return value == null ? Json.Null.VALUE : value;
    }

    private static boolean nothingIn(@Nullable Json value) {
        return switch (value) {
            case null -> true;
            case Json.Null() -> true;
            case Json.Obj object -> object.isEmpty();
            case Json.Arr(var items) -> items.isEmpty();
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _ -> false;
        };
    }
}
