package dev.marea.local.patch;

import dev.marea.local.schema.Schema;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields by which two versions of an object differ. */
final class Comparison {
    private final FieldSet added = new FieldSet();
    private final FieldSet modified = new FieldSet();
    private final FieldSet removed = new FieldSet();

    private Comparison() {}

    static Comparison of(Schema schema, Json.Obj before, Json.Obj after) {
        var comparison = new Comparison();
        comparison.fields(new Shape.Fields(schema), before, after, List.of());
        return comparison;
    }

    FieldSet removed() {
        return removed;
    }

    FieldSet changed() {
        return modified.union(added);
    }

    FieldSet different() {
        return changed().union(removed);
    }

    private void walk(Schema schema, @Nullable Json before, @Nullable Json after, List<Step> path) {
        switch (Shape.of(schema, before, after)) {
            case Shape.Leaf _ -> {
                leaf(before, after, path);
                insideOfOtherKind(schema, before, after, path);
            }
            case Shape.Fields shape -> {
                fields(shape, before, after, path);
                container(before, after, path);
            }
            case Shape.Keyed shape -> {
                items(shape, before, after, path);
                container(before, after, path);
            }
        }
    }

    /** A value of no known type that turned from an object into something else, or into one. */
    private void insideOfOtherKind(
            Schema schema, @Nullable Json before, @Nullable Json after, List<Step> path) {
        if (schema instanceof Schema.Free && before != null && after != null) {
            if (before instanceof Json.Obj != after instanceof Json.Obj) {
                fields(new Shape.Fields(schema), before, after, path);
            }
        }
    }

    private void leaf(@Nullable Json before, @Nullable Json after, List<Step> path) {
        if (before == null) {
            added.add(path);
        } else if (after == null) {
            removed.add(path);
        } else if (!before.equals(after)) {
            modified.add(path);
        }
    }

    private void container(@Nullable Json before, @Nullable Json after, List<Step> path) {
        if (before == null) {
            added.add(path);
        } else if (after == null) {
            removed.add(path);
        }
    }

    private void fields(
            Shape.Fields shape, @Nullable Json before, @Nullable Json after, List<Step> path) {
        var left = fieldsOf(shape, before);
        var right = fieldsOf(shape, after);
        var names = new LinkedHashSet<>(left.keySet());
        names.addAll(right.keySet());
        for (var name : names) {
            var at = TypedFields.append(path, new Step.Field(name));
            walk(shape.field(name), left.get(name), right.get(name), at);
        }
    }

    private static Map<String, Json> fieldsOf(Shape.Fields shape, @Nullable Json value) {
        if (!(value instanceof Json.Obj(var fields))) {
            return Map.of();
        }
        return shape.schema() instanceof Schema.Struct struct && !struct.always().isEmpty()
                ? complete(struct, fields)
                : fields;
    }

    private static Map<String, Json> complete(Schema.Struct struct, Map<String, Json> fields) {
        var all = new LinkedHashMap<>(fields);
        for (var name : struct.always()) {
            boolean isObject =
                    struct.fields().get(name) instanceof Schema.Struct inner && !inner.atomic();
            all.putIfAbsent(name, isObject ? Json.Obj.EMPTY : Json.Null.VALUE);
        }
        return all;
    }

    private void items(
            Shape.Keyed shape, @Nullable Json before, @Nullable Json after, List<Step> path) {
        var left = itemsOf(shape, before);
        var right = itemsOf(shape, after);
        var steps = new LinkedHashSet<>(left.keySet());
        steps.addAll(right.keySet());
        for (var step : steps) {
            var at = TypedFields.append(path, step);
            var old = left.getOrDefault(step, List.of());
            var now = right.getOrDefault(step, List.of());
            if (old.size() <= 1 && now.size() <= 1) {
                walk(shape.element(), only(old), only(now), at);
            } else {
                // Duplicates cannot be told apart: they are compared together.
                leaf(whole(old), whole(now), at);
            }
        }
    }

    private static Map<Step, List<Json>> itemsOf(Shape.Keyed shape, @Nullable Json list) {
        return list == null ? Map.of() : TypedFields.byStep(shape, list);
    }

    private static @Nullable Json only(List<Json> items) {
        return items.isEmpty() ? null : items.getFirst();
    }

    private static @Nullable Json whole(List<Json> items) {
        return items.isEmpty() ? null : new Json.Arr(items);
    }
}
