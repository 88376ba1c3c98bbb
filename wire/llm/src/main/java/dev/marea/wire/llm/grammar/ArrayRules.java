package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import java.util.ArrayList;

/** Lists: some first items of their own kinds, then items of one kind, within bounds. */
final class ArrayRules {
    private static final int ITEMS_MAX = 1_000;

    private final SchemaCompiler schemas;
    private final Rules rules;

    ArrayRules(SchemaCompiler schemas, Rules rules) {
        this.schemas = schemas;
        this.rules = rules;
    }

    String rule(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var ws = rules.base("ws");
        int min = bound(schema, "minItems", path, 0);
        int max = bound(schema, "maxItems", path, -1);
        if (max >= 0 && max < min) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "maxItems"), "maxItems is less than minItems");
        }
        var first = schema.list("prefixItems");
        return first.isEmpty()
                ? list(item(schema, path, hint), min, max, ws, path, hint)
                : tuple(schema, path, hint);
    }

    private String item(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var items = schema.at("items").orElse(new Json.Bool(true));
        var rule = schemas.rule(items, SchemaCompiler.join(path, "items"), hint + "-item");
        return rules.add(hint + "-item", rule, path);
    }

    private String list(String item, int min, int max, String ws, String path, String hint)
            throws UnsupportedSchema {
        if (max == 0) {
            return "\"[\" " + ws + " \"]\"";
        }
        int more = Math.max(0, min - 1);
        var upTo = max < 0 ? "" : Integer.toString(max - 1);
        var rest = " (\",\" " + ws + " " + item + "){" + more + "," + upTo + "}";
        var some = max == 1 ? item : item + rest;
        return rules.add(
                hint,
                "\"[\" " + ws + " " + (min == 0 ? "(" + some + ")?" : some) + " " + ws + " \"]\"",
                path);
    }

    /** Lists of fixed kinds are written whole; more items only where items says so is not held. */
    private String tuple(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var ws = rules.base("ws");
        var parts = new ArrayList<String>();
        var first = schema.list("prefixItems");
        for (int i = 0; i < first.size(); i++) {
            var place = SchemaCompiler.join(path, "prefixItems[" + i + "]");
            parts.add("(" + schemas.rule(first.get(i), place, hint + "-" + i) + ")");
        }
        int min = bound(schema, "minItems", path, 0);
        if (min > parts.size()) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "minItems"), "minItems is more than prefixItems");
        }
        return rules.add(
                hint,
                "\"[\" "
                        + ws
                        + " "
                        + String.join(" \",\" " + ws + " ", parts)
                        + " "
                        + ws
                        + " \"]\"",
                path);
    }

    private static int bound(Json.Obj schema, String name, String path, int otherwise)
            throws UnsupportedSchema {
        if (!schema.has(name)) {
            return otherwise;
        }
        long value = schema.integer(name).orElse(-1);
        if (value < 0 || value > ITEMS_MAX) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, name), name + " must be from 0 to " + ITEMS_MAX);
        }
        return (int) value;
    }
}
