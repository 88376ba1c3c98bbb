package dev.marea.local.schema;

import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.local.schema.Schema.ScalarType;
import dev.marea.wire.json.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * What the schema itself demands: types, required fields, choices, bounds and sizes. Built-in kinds
 * are judged on their spec only; their status is written by the system.
 */
final class SchemaRules {
    private final Mistakes mistakes;
    private final boolean builtIn;

    private SchemaRules(Mistakes mistakes, boolean builtIn) {
        this.mistakes = mistakes;
        this.builtIn = builtIn;
    }

    static void check(Kind kind, Json.Obj object, Mistakes mistakes) {
        var rules = new SchemaRules(mistakes, kind.builtIn());
        kind.schema()
                .fields()
                .forEach((name, field) -> {
                    boolean judged =
                            !name.equals("metadata") && (!kind.builtIn() || !name.equals("status"));
                    var value = object.fields().get(name);
                    if (judged && value != null) {
                        rules.value(field, value, name);
                    }
                });
        if (!kind.builtIn()) {
            rules.required(kind.schema().required(), object, "");
        }
    }

    private void required(Set<String> names, Json.Obj object, String path) {
        names.stream()
                .filter(name -> !object.has(name))
                .sorted()
                .forEach(name -> mistakes.required(path.isEmpty() ? name : path + "." + name));
    }

    private void value(Schema schema, Json value, String path) {
        if (value instanceof Json.Null && schema.facts().nullable()) {
            return;
        }
        switch (schema) {
            case Schema.Struct struct when value instanceof Json.Obj object -> {
                required(struct.required(), object, path);
                object.fields()
                        .forEach((name, field) -> {
                            var known = struct.fields().get(name);
                            if (known != null) {
                                value(known, field, path + "." + name);
                            }
                        });
                size(schema, object.fields().size(), "properties", path);
            }
            case Schema.Dict dict when value instanceof Json.Obj(var fields) -> {
                fields.forEach((name, field) -> value(dict.values(), field, path + "." + name));
                size(schema, fields.size(), "properties", path);
            }
            case Schema.Items items when value instanceof Json.Arr list -> items(items, list, path);
            case Schema.Struct _, Schema.Dict _ -> type(path, value, "object");
            case Schema.Items _ -> type(path, value, "array");
            case Schema.Scalar scalar -> scalar(scalar, value, path);
            case Schema.Free _ -> {}
        }
    }

    private void items(Schema.Items schema, Json.Arr list, String path) {
        var seen = new HashSet<Json>();
        for (int i = 0; i < list.items().size(); i++) {
            var item = list.items().get(i);
            var at = path + "[" + i + "]";
            value(schema.element(), item, at);
            // Built-in kinds have rules of their own for names that must differ.
            if (!builtIn && !(schema.merge() instanceof ListMerge.Atomic)) {
                var id = identity(schema.merge(), item);
                if (!seen.add(id)) {
                    mistakes.duplicate(at, id);
                }
            }
        }
        size(schema, list.items().size(), "items", path);
    }

    private static Json identity(ListMerge merge, Json item) {
        if (merge instanceof ListMerge.ByKeys(var keys)) {
            var id = new LinkedHashMap<String, Json>();
            keys.forEach(key -> id.put(key, item.at(key).orElse(Json.Null.VALUE)));
            return new Json.Obj(id);
        }
        return item;
    }

    private void type(String path, Json value, String wanted) {
        var found = Json.of(typeOf(value));
        mistakes.invalid(path, found, path + " in body must be of type " + wanted + ": " + found);
    }

    private static String typeOf(Json value) {
        return switch (value) {
            case Json.Obj _ -> "object";
            case Json.Arr _ -> "array";
            case Json.Str _ -> "string";
            case Json.Int _ -> "integer";
            case Json.Dec _ -> "number";
            case Json.Bool _ -> "boolean";
            case Json.Null _ -> "null";
        };
    }

    private void scalar(Schema.Scalar schema, Json value, String path) {
        if (!fits(schema.type(), value)) {
            type(path, value, wanted(schema.type()));
            return;
        }
        var limits = schema.facts().limits();
        if (!limits.allowed().isEmpty() && !limits.allowed().contains(value)) {
            mistakes.unsupported(path, value, limits.allowed());
        }
        switch (value) {
            case Json.Str(var text) -> text(schema, text, path);
            case Json.Int(var n) -> bounds(limits, (double) n, value, path);
            case Json.Dec(var n) -> bounds(limits, n, value, path);
            case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static boolean fits(ScalarType type, Json value) {
        return switch (type) {
            case STRING -> value instanceof Json.Str;
            case INTEGER -> value instanceof Json.Int;
            case NUMBER -> value instanceof Json.Int || value instanceof Json.Dec;
            case BOOLEAN -> value instanceof Json.Bool;
            case INT_OR_STRING -> value instanceof Json.Int || value instanceof Json.Str;
            case QUANTITY -> true;
        };
    }

    private static String wanted(ScalarType type) {
        return switch (type) {
            case STRING, QUANTITY -> "string";
            case INTEGER -> "integer";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case INT_OR_STRING -> "integer,string";
        };
    }

    private void text(Schema.Scalar schema, String text, String path) {
        var limits = schema.facts().limits();
        int length = text.codePointCount(0, text.length());
        var value = Json.of(text);
        if (limits.sizeMin().isPresent() && length < limits.sizeMin().getAsInt()) {
            mistakes.invalid(
                    path,
                    value,
                    path
                            + " in body should be at least "
                            + limits.sizeMin().getAsInt()
                            + " chars long");
        }
        if (limits.sizeMax().isPresent() && length > limits.sizeMax().getAsInt()) {
            mistakes.tooLong(path, limits.sizeMax().getAsInt());
            return;
        }
        limits.pattern()
                .filter(pattern -> !pattern.matcher(text).find())
                .ifPresent(pattern ->
                        mistakes.invalid(
                                path,
                                value,
                                path + " in body should match '" + pattern.pattern() + "'"));
    }

    private void bounds(Schema.Limits limits, double number, Json value, String path) {
        limits.minimum()
                .filter(min -> min.exclusive() ? number <= min.number() : number < min.number())
                .ifPresent(min ->
                        mistakes.invalid(
                                path,
                                value,
                                path
                                        + " in body should be greater than "
                                        + (min.exclusive() ? "" : "or equal to ")
                                        + min.value()));
        limits.maximum()
                .filter(max -> max.exclusive() ? number >= max.number() : number > max.number())
                .ifPresent(max ->
                        mistakes.invalid(
                                path,
                                value,
                                path
                                        + " in body should be less than "
                                        + (max.exclusive() ? "" : "or equal to ")
                                        + max.value()));
    }

    private void size(Schema schema, int size, String what, String path) {
        var limits = schema.facts().limits();
        if (limits.sizeMin().isPresent() && size < limits.sizeMin().getAsInt()) {
            mistakes.invalid(
                    path,
                    Json.of(size),
                    "%s in body should have at least %d %s"
                            .formatted(path, limits.sizeMin().getAsInt(), what));
        }
        if (limits.sizeMax().isPresent() && size > limits.sizeMax().getAsInt()) {
            mistakes.tooMany(path, size, limits.sizeMax().getAsInt());
        }
    }
}
