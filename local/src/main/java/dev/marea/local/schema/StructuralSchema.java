package dev.marea.local.schema;

import dev.marea.local.schema.Schema.Bound;
import dev.marea.local.schema.Schema.Facts;
import dev.marea.local.schema.Schema.Limits;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.local.schema.Schema.ScalarType;
import dev.marea.local.schema.Schema.Strategy;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the openAPIV3Schema of a CustomResourceDefinition. */
final class StructuralSchema {
    private static final String X = "x-kubernetes-";

    private StructuralSchema() {}

    static Schema read(Json schema) {
        var facts = facts(schema);
        if (schema.flag(X + "int-or-string")) {
            return new Schema.Scalar(facts, ScalarType.INT_OR_STRING);
        }
        return switch (schema.text("type").orElse("")) {
            case "object" -> object(schema, facts);
            case "array" ->
                    new Schema.Items(
                            facts, read(schema.at("items").orElse(Json.Obj.EMPTY)), merge(schema));
            case "string" -> new Schema.Scalar(facts, ScalarType.STRING);
            case "integer" -> new Schema.Scalar(facts, ScalarType.INTEGER);
            case "number" -> new Schema.Scalar(facts, ScalarType.NUMBER);
            case "boolean" -> new Schema.Scalar(facts, ScalarType.BOOLEAN);
            default -> new Schema.Free(facts);
        };
    }

    private static Schema object(Json schema, Facts facts) {
        boolean keeps = schema.flag(X + "preserve-unknown-fields");
        boolean embedded = schema.flag(X + "embedded-resource");
        boolean atomic = schema.text(X + "map-type").orElse("").equals("atomic");
        var values = schema.at("additionalProperties");
        if (values.isPresent() && schema.object("properties").isEmpty()) {
            var shape = values.get() instanceof Json.Obj of ? read(of) : Schema.Free.ANY;
            return new Schema.Dict(facts, shape, atomic);
        }
        var fields = new LinkedHashMap<String, Schema>();
        if (embedded) {
            var text = new Schema.Scalar(Facts.NONE, ScalarType.STRING);
            fields.put("apiVersion", text);
            fields.put("kind", text);
            fields.put("metadata", BuiltIns.OBJECT_META);
        }
        schema.object("properties")
                .fields()
                .forEach((name, field) -> {
                    if (!fields.containsKey(name)) {
                        fields.put(name, read(field));
                    }
                });
        return new Schema.Struct(
                facts, "", "", fields, required(schema), atomic, keeps, embedded, Set.of());
    }

    private static Set<String> required(Json schema) {
        return schema.list("required").stream()
                .flatMap(name -> name instanceof Json.Str(var s) ? Stream.of(s) : null)
                .collect(Collectors.toSet());
    }

    private static ListMerge merge(Json schema) {
        return switch (schema.text(X + "list-type").orElse("atomic")) {
            case "set" -> ListMerge.SET;
            case "map" ->
                    new ListMerge.ByKeys(
                            schema.list(X + "list-map-keys").stream()
                                    .map(key -> key instanceof Json.Str(var s) ? s : key.toString())
                                    .toList());
            default -> ListMerge.ATOMIC;
        };
    }

    private static Facts facts(Json schema) {
        return new Facts(
                schema.text("description").orElse(""),
                schema.at("default"),
                schema.flag("nullable"),
                Strategy.NONE,
                limits(schema));
    }

    private static Limits limits(Json schema) {
        return new Limits(
                schema.list("enum"),
                bound(schema, "minimum", "exclusiveMinimum"),
                bound(schema, "maximum", "exclusiveMaximum"),
                size(schema, List.of("minLength", "minItems", "minProperties")),
                size(schema, List.of("maxLength", "maxItems", "maxProperties")),
                schema.text("pattern").flatMap(StructuralSchema::pattern),
                schema.text("format").orElse(""));
    }

    private static Optional<Bound> bound(Json schema, String name, String exclusive) {
        return schema.at(name).map(value -> new Bound(value, schema.flag(exclusive)));
    }

    private static OptionalInt size(Json schema, List<String> names) {
        return names.stream()
                .flatMapToLong(name -> schema.integer(name).stream())
                .mapToInt(Math::toIntExact)
                .findFirst();
    }

    private static Optional<Pattern> pattern(String regex) {
        try {
            return Optional.of(Pattern.compile(regex));
        } catch (PatternSyntaxException _) {
            // Go knows spellings that Java lacks; a pattern that cannot be read judges nothing.
            return Optional.empty();
        }
    }
}
