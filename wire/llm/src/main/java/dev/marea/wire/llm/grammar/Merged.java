package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;

/**
 * Two schemas that must both hold, as one: objects' properties add up, other keywords must agree.
 */
final class Merged {
    interface Targets {
        Json.Obj target(String pointer, String path) throws UnsupportedSchema;
    }

    private static final int REFERENCES_MAX = 20;

    private Merged() {}

    static Json.Obj allOf(Json.Obj schema, String path, Targets targets) throws UnsupportedSchema {
        var merged = schema.without("allOf");
        var parts = schema.list("allOf");
        for (int i = 0; i < parts.size(); i++) {
            var place = SchemaCompiler.join(path, "allOf[" + i + "]");
            if (!(with(merged, parts.get(i), place, targets) instanceof Json.Obj whole)) {
                throw new UnsupportedSchema(place, "a part of allOf must be an object");
            }
            merged = whole;
        }
        return merged;
    }

    static Json with(Json.Obj shared, Json part, String path, Targets targets)
            throws UnsupportedSchema {
        var bare = withoutAnnotations(shared);
        if (bare.isEmpty()) {
            return part;
        }
        if (!(part instanceof Json.Obj own)) {
            throw new UnsupportedSchema(path, "a schema must be an object here");
        }
        return merge(bare, resolved(own, path, targets), path);
    }

    private static Json.Obj resolved(Json.Obj part, String path, Targets targets)
            throws UnsupportedSchema {
        var here = part;
        for (int i = 0; here.has("$ref"); i++) {
            if (i == REFERENCES_MAX) {
                throw new UnsupportedSchema(path, "$ref leads back to itself");
            }
            here = targets.target(here.text("$ref").orElse(""), path);
        }
        return here;
    }

    private static Json.Obj withoutAnnotations(Json.Obj schema) {
        var bare = schema;
        for (var name :
                new String[] {
                    "title",
                    "description",
                    "default",
                    "examples",
                    "$defs",
                    "definitions",
                    "$schema",
                    "$id"
                }) {
            bare = bare.without(name);
        }
        return bare;
    }

    private static Json.Obj merge(Json.Obj left, Json.Obj right, String path)
            throws UnsupportedSchema {
        var merged = new LinkedHashMap<>(left.fields());
        for (var field : right.fields().entrySet()) {
            var name = field.getKey();
            var other = merged.get(name);
            if (other == null || other.equals(field.getValue())) {
                merged.put(name, field.getValue());
            } else if (name.equals("properties")) {
                merged.put(name, both(left.object(name), right.object(name), path));
            } else if (name.equals("required")) {
                var names = new LinkedHashSet<>(left.list(name));
                names.addAll(right.list(name));
                merged.put(name, new Json.Arr(new ArrayList<>(names)));
            } else if (!withoutAnnotations(Json.Obj.of(name, 1)).isEmpty()) {
                throw new UnsupportedSchema(
                        SchemaCompiler.join(path, name),
                        "two schemas that must both hold differ in '" + name + "'");
            }
        }
        return new Json.Obj(merged);
    }

    private static Json both(Json.Obj left, Json.Obj right, String path) throws UnsupportedSchema {
        var all = new LinkedHashMap<>(left.fields());
        for (var property : right.fields().entrySet()) {
            var other = all.putIfAbsent(property.getKey(), property.getValue());
            if (other != null && !other.equals(property.getValue())) {
                throw new UnsupportedSchema(
                        SchemaCompiler.join(path, "properties." + property.getKey()),
                        "two schemas that must both hold describe '%s' differently"
                                .formatted(property.getKey()));
            }
        }
        return new Json.Obj(all);
    }
}
