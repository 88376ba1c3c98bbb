package dev.marea.local.patch;

import dev.marea.local.schema.Schema;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which fields a value has, by its schema. */
final class TypedFields {
    private final FieldSet set = new FieldSet();

    private TypedFields() {}

    /** The fields that an applied configuration claims. */
    static FieldSet of(Schema schema, Json.Obj object) {
        var fields = new TypedFields();
        fields.walk(schema, object, List.of());
        return fields.set;
    }

    private void walk(Schema schema, Json value, List<Step> path) {
        switch (Shape.of(schema, value)) {
            case Shape.Leaf _ -> set.add(path);
            case Shape.Fields shape -> fields(shape, value, path);
            case Shape.Keyed shape -> items(shape, value, path);
        }
    }

    private void fields(Shape.Fields shape, Json value, List<Step> path) {
        if (!(value instanceof Json.Obj(var fields))) {
            return;
        }
        fields.forEach((name, field) -> {
            var at = append(path, new Step.Field(name));
            walk(shape.field(name), field, at);
            boolean empty = field instanceof Json.Null || field.equals(Json.Obj.EMPTY);
            if (empty || !shape.named(name)) {
                set.add(at);
            }
        });
    }

    private void items(Shape.Keyed shape, Json value, List<Step> path) {
        for (var item : byStep(shape, value).entrySet()) {
            var at = append(path, item.getKey());
            if (item.getValue().size() == 1) {
                walk(shape.element(), item.getValue().getFirst(), at);
            }
            set.add(at);
        }
    }

    static List<Step> append(List<Step> path, Step step) {
        var longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /**
     * The items of a keyed list or set; stored ones may have duplicates. Items without keys miss.
     */
    static Map<Step, List<Json>> byStep(Shape.Keyed shape, Json list) {
        var items = new LinkedHashMap<Step, List<Json>>();
        if (list instanceof Json.Arr(var all)) {
            for (var item : all) {
                step(shape, item)
                        .ifPresent(s -> items.computeIfAbsent(s, _ -> new ArrayList<>()).add(item));
            }
        }
        return items;
    }

    static Optional<Step> step(Shape.Keyed shape, Json item) {
        return switch (shape.merge()) {
            case ListMerge.Atomic() -> Optional.empty();
            case ListMerge.ValueSet() -> Optional.of(new Step.Value(item));
            case ListMerge.ByKeys(var keys) -> keyed(shape.element(), keys, item);
        };
    }

    private static Optional<Step> keyed(Schema element, List<String> keys, Json item) {
        var found = new LinkedHashMap<String, Json>();
        for (var key : keys) {
            var value =
                    item.at(key).or(() -> element.field(key).flatMap(s -> s.facts().fallback()));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            found.put(key, value.get());
        }
        return Optional.of(new Step.Item(new Json.Obj(found)));
    }

    /** Knows which steps of a path are fields that the schema names. */
    record Named(Schema schema) {
        boolean has(String name) {
            return schema instanceof Schema.Struct struct && struct.fields().containsKey(name);
        }

        Named under(Step step) {
            return new Named(
                    switch (step) {
                        case Step.Field(var name) -> schema.field(name).orElse(Schema.Free.ANY);
                        case Step.Item _, Step.Value _, Step.Index _ ->
                                schema instanceof Schema.Items items
                                        ? items.element()
                                        : Schema.Free.ANY;
                    });
        }
    }
}
