package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Objects: the properties in the order of the schema, optional ones left out at will. An object
 * with named properties gets no others: that always keeps the schema.
 */
final class ObjectRules {
    private static final int PROPERTIES_MAX = 512;

    private final SchemaCompiler schemas;
    private final Rules rules;

    ObjectRules(SchemaCompiler schemas, Rules rules) {
        this.schemas = schemas;
        this.rules = rules;
    }

    String rule(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var properties = schema.object("properties").fields();
        var required = new HashSet<String>();
        for (var name : schema.list("required")) {
            if (!(name instanceof Json.Str(var text)) || !properties.containsKey(text)) {
                throw new UnsupportedSchema(
                        SchemaCompiler.join(path, "required"),
                        "required names " + name + ", which is not among the properties");
            }
            required.add(text);
        }
        if (properties.size() > PROPERTIES_MAX) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "properties"),
                    "an object may have " + PROPERTIES_MAX + " properties");
        }
        if (properties.isEmpty()) {
            return open(schema, path, hint);
        }
        var pairs = new ArrayList<Pair>();
        for (var property : properties.entrySet()) {
            var name = property.getKey();
            var place = SchemaCompiler.join(path, "properties." + name);
            var value = schemas.rule(property.getValue(), place, name);
            var key = Rules.literal(JsonWriter.text(new Json.Str(name)) + ":");
            var pair = rules.add(name, key + " " + rules.base("ws") + " (" + value + ")", place);
            pairs.add(new Pair(pair, required.contains(name)));
        }
        return closed(pairs, path, hint);
    }

    private record Pair(String rule, boolean required) {}

    /** Without named properties: any keys, unless the schema allows none. */
    private String open(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var more =
                schema.at("additionalProperties").orElse(new Json.Bool(!schema.has("properties")));
        if (more.equals(new Json.Bool(false))) {
            return "\"{\" " + rules.base("ws") + " \"}\"";
        }
        if (more.equals(new Json.Bool(true))) {
            return rules.base("object");
        }
        var place = SchemaCompiler.join(path, "additionalProperties");
        var ws = rules.base("ws");
        var pair =
                rules.add(
                        hint,
                        rules.base("string")
                                + " \":\" "
                                + ws
                                + " ("
                                + schemas.rule(more, place, hint)
                                + ")",
                        place);
        return rules.add(
                hint,
                "\"{\" %s (%s (\",\" %s %s)*)? %s \"}\"".formatted(ws, pair, ws, pair, ws),
                place);
    }

    private String closed(List<Pair> pairs, String path, String hint) throws UnsupportedSchema {
        var ws = rules.base("ws");
        var rest = "";
        var first = "";
        // From the last to the first: what may follow a pair is known before the pair is written.
        for (int i = pairs.size() - 1; i >= 0; i--) {
            var pair = pairs.get(i);
            var here = pair.rule() + (rest.isEmpty() ? "" : " " + rest);
            boolean last = i == pairs.size() - 1;
            first =
                    rules.add(
                            hint,
                            pair.required() ? here : here + " | " + (last ? "" : first),
                            path);
            var following = "\",\" " + ws + " " + pair.rule();
            var more =
                    (pair.required() ? following : "(" + following + ")?")
                            + (rest.isEmpty() ? "" : " " + rest);
            rest = rules.add(hint, more, path);
        }
        return rules.add(hint, "\"{\" " + ws + " " + first + " " + ws + " \"}\"", path);
    }
}
