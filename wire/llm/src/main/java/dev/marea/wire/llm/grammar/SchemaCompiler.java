package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a schema into rules. What a schema says and we cannot hold a model to is refused: an answer
 * that silently breaks its schema is worse than a clear no.
 */
final class SchemaCompiler {
    private static final int DEPTH_MAX = 64;
    private static final int CHOICES_MAX = 2_000;
    private static final Set<String> ANNOTATIONS =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "example",
                    "$schema",
                    "$id",
                    "$comment",
                    "$anchor",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "strict",
                    "definitions",
                    "$defs",
                    "contentMediaType",
                    "contentEncoding");
    private static final Set<String> KNOWN =
            Set.of(
                    "type",
                    "enum",
                    "const",
                    "properties",
                    "required",
                    "additionalProperties",
                    "items",
                    "prefixItems",
                    "minItems",
                    "maxItems",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "format",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "anyOf",
                    "oneOf",
                    "allOf",
                    "$ref",
                    "nullable");

    private final Json root;
    private final Rules rules;
    private final Map<String, String> references = new HashMap<>();
    private final Set<String> following = new HashSet<>();
    private int depth;

    SchemaCompiler(Json root, Rules rules) {
        this.root = root;
        this.rules = rules;
    }

    /** The rule, or a piece of one, that matches what the schema allows. */
    String rule(Json schema, String path, String hint) throws UnsupportedSchema {
        if (++depth > DEPTH_MAX) {
            throw new UnsupportedSchema(
                    path, "the schema nests deeper than " + DEPTH_MAX + " levels");
        }
        var rule =
                switch (schema) {
                    case Json.Bool(var any) when any -> rules.base("value");
                    case Json.Obj object -> object(object, path, hint);
                    case Json _ ->
                            throw new UnsupportedSchema(path, "a schema must be an object or true");
                };
        depth--;
        return rule;
    }

    private String object(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        checkKeywords(schema, path);
        if (schema.flag("nullable")) {
            var rest = rule(schema.without("nullable"), path, hint);
            return rules.add(hint, rest + " | " + rules.base("null"), path);
        }
        if (schema.has("$ref")) {
            return reference(schema, path);
        }
        var constant = schema.at("const");
        if (constant.isPresent()) {
            return Rules.literal(JsonWriter.text(constant.get()));
        }
        if (schema.has("enum")) {
            return enumeration(schema, path, hint);
        }
        for (var choice : List.of("anyOf", "oneOf")) {
            if (schema.has(choice)) {
                return choices(schema, choice, path, hint);
            }
        }
        if (schema.has("allOf")) {
            return rule(Merged.allOf(schema, path, this::target), path, hint);
        }
        return typed(schema, path, hint);
    }

    private static void checkKeywords(Json.Obj schema, String path) throws UnsupportedSchema {
        for (var keyword : schema.fields().keySet()) {
            if (KNOWN.contains(keyword)
                    || ANNOTATIONS.contains(keyword)
                    || keyword.startsWith("x-")) {
                continue;
            }
            var near = Nearest.hint(keyword, KNOWN);
            throw new UnsupportedSchema(
                    join(path, keyword), "the keyword '" + keyword + "' is not supported" + near);
        }
    }

    private String enumeration(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var values = schema.list("enum");
        if (values.isEmpty() || values.size() > CHOICES_MAX) {
            throw new UnsupportedSchema(
                    join(path, "enum"), "enum must have 1 to " + CHOICES_MAX + " values");
        }
        var literals = values.stream().map(v -> Rules.literal(JsonWriter.text(v))).toList();
        return rules.add(hint, String.join(" | ", literals), path);
    }

    private String choices(Json.Obj schema, String keyword, String path, String hint)
            throws UnsupportedSchema {
        var alternatives = schema.list(keyword);
        if (alternatives.isEmpty() || alternatives.size() > CHOICES_MAX) {
            throw new UnsupportedSchema(
                    join(path, keyword), keyword + " must have 1 to " + CHOICES_MAX + " schemas");
        }
        var shared = schema.without(keyword);
        var names = new ArrayList<String>();
        for (int i = 0; i < alternatives.size(); i++) {
            var place = join(path, keyword + "[" + i + "]");
            var whole = Merged.with(shared, alternatives.get(i), place, this::target);
            names.add(rule(whole, place, hint));
        }
        return rules.add(hint, String.join(" | ", names), path);
    }

    private String reference(Json.Obj schema, String path) throws UnsupportedSchema {
        var pointer = schema.text("$ref").orElse("");
        var known = references.get(pointer);
        if (known != null) {
            return known;
        }
        if (!following.add(pointer)) {
            throw new UnsupportedSchema(join(path, "$ref"), "$ref leads back to itself");
        }
        var target = target(pointer, join(path, "$ref"));
        if (target.has("$ref")) {
            var rule = reference(target, path);
            references.put(pointer, rule);
            following.remove(pointer);
            return rule;
        }
        var name = rules.reserve(pointer.substring(pointer.lastIndexOf('/') + 1), path);
        references.put(pointer, name);
        following.remove(pointer);
        rules.define(name, rule(target, pointer.substring(1).replace('/', '.'), "r"), path);
        return name;
    }

    /** What a pointer inside this schema points at. */
    private Json.Obj target(String pointer, String path) throws UnsupportedSchema {
        if (!pointer.startsWith("#")) {
            throw new UnsupportedSchema(path, "$ref must point into the schema, as #/$defs/…");
        }
        var here = root;
        for (var step : pointer.substring(1).split("/", -1)) {
            if (!step.isEmpty()) {
                var name = step.replace("~1", "/").replace("~0", "~");
                here = here.at(name).orElse(Json.Null.VALUE);
            }
        }
        if (here instanceof Json.Obj object) {
            return object;
        }
        throw new UnsupportedSchema(path, "$ref '" + pointer + "' points at no schema");
    }

    private String typed(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var type = schema.fields().get("type");
        if (type instanceof Json.Arr(var types)) {
            var names = new ArrayList<String>();
            for (var one : types) {
                names.add(typed(only(schema, one), path, hint));
            }
            return rules.add(hint, String.join(" | ", names), path);
        }
        var name = type == null ? implied(schema) : type instanceof Json.Str(var text) ? text : "";
        return switch (name) {
            case "any" -> rules.base("value");
            case "null" -> rules.base("null");
            case "boolean" -> rules.base("boolean");
            case "string" -> new StringRules(rules).rule(schema, path, hint);
            case "integer" -> IntegerRange.rule(schema, path, rules);
            case "number" -> number(schema, path);
            case "object" -> new ObjectRules(this, rules).rule(schema, path, hint);
            case "array" -> new ArrayRules(this, rules).rule(schema, path, hint);
            default -> throw new UnsupportedSchema(join(path, "type"), "there is no type " + type);
        };
    }

    /** One type's view of a schema of several: the keywords of the others do not concern it. */
    private static Json.Obj only(Json.Obj schema, Json type) {
        return schema.with("type", type);
    }

    private static String implied(Json.Obj schema) {
        if (schema.has("properties") || schema.has("additionalProperties")) {
            return "object";
        }
        if (schema.has("items") || schema.has("prefixItems")) {
            return "array";
        }
        if (schema.has("pattern") || schema.has("minLength") || schema.has("maxLength")) {
            return "string";
        }
        return "any";
    }

    private String number(Json.Obj schema, String path) throws UnsupportedSchema {
        for (var bound : IntegerRange.BOUNDS) {
            var value = schema.at(bound);
            boolean fromZero =
                    bound.equals("minimum") && value.filter(Json.of(0)::equals).isPresent();
            if (value.isPresent() && !fromZero) {
                throw new UnsupportedSchema(
                        join(path, bound),
                        bound + " is held for integers only (and minimum 0 for numbers)");
            }
        }
        if (schema.has("minimum")) {
            return rules.add(
                    "number",
                    "(\"0\" | [1-9] [0-9]{0,17}) (\".\" [0-9]{1,17})? ([eE] [-+]? [0-9]{1,3})?",
                    path);
        }
        return rules.base("number");
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
