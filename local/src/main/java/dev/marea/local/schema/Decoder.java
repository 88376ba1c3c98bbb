package dev.marea.local.schema;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import dev.marea.wire.text.Nearest;
import dev.marea.wire.text.Quantity;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Brings an object into its kind's shape: unknown fields go (and are told), values of a wrong type
 * are refused. A built-in kind also loses nulls and empty lists and maps, which its Go type does
 * not keep; a custom kind keeps what it is given, and its types are judged with its other rules.
 */
final class Decoder {
    /** More mistakes than this do not help anyone. */
    private static final int UNKNOWN_MAX = 100;

    private final Kind kind;
    private final List<String> unknown = new ArrayList<>();

    private Decoder(Kind kind) {
        this.kind = kind;
    }

    static Kind.Decoded decode(Kind kind, Json.Obj given, FieldValidation mode) throws Refusal {
        var decoder = new Decoder(kind);
        var object = decoder.struct(kind.schema(), given, "");
        return switch (mode) {
            case IGNORE -> new Kind.Decoded(object, List.of());
            case WARN -> new Kind.Decoded(object, decoder.unknown);
            case STRICT -> {
                if (!decoder.unknown.isEmpty()) {
                    throw decoder.refused(
                            "strict decoding error: " + String.join(", ", decoder.unknown));
                }
                yield new Kind.Decoded(object, List.of());
            }
        };
    }

    private Refusal refused(String why) {
        var message =
                "%s in version \"%s\" cannot be handled as a %s: %s"
                        .formatted(
                                kind.resource().kind(),
                                kind.resource().version(),
                                kind.resource().kind(),
                                why);
        return new Refusal(400, "BadRequest", message, Json.Obj.EMPTY);
    }

    private Json.Obj struct(Schema.Struct schema, Json.Obj given, String path) throws Refusal {
        var kept = new LinkedHashMap<String, Json>();
        for (var field : given.fields().entrySet()) {
            var name = field.getKey();
            var at = path.isEmpty() ? name : path + "." + name;
            var shape = schema.fields().get(name);
            if (shape != null) {
                boolean always = schema.always().contains(name);
                value(shape, field.getValue(), at, schema)
                        .filter(value -> always || !droppedWhenEmpty(shape, value))
                        .ifPresent(value -> kept.put(name, value));
            } else if (schema.keepsUnknown()) {
                kept.put(name, field.getValue());
            } else if (unknown.size() < UNKNOWN_MAX) {
                var known = schema.fields().sequencedKeySet();
                unknown.add("unknown field \"" + at + "\"" + Nearest.hint(name, known));
            }
        }
        return new Json.Obj(kept);
    }

    private boolean droppedWhenEmpty(Schema shape, Json value) {
        return kind.builtIn()
                && (shape instanceof Schema.Items || shape instanceof Schema.Dict)
                && (value.equals(Json.Arr.EMPTY) || value.equals(Json.Obj.EMPTY));
    }

    /** Empty for a null where the kind has none. */
    private Optional<Json> value(Schema schema, Json given, String path, Schema.Struct owner)
            throws Refusal {
        if (given instanceof Json.Null) {
            boolean kept = schema.facts().nullable() || schema instanceof Schema.Free;
            return kept && !kind.builtIn() ? Optional.of(given) : Optional.empty();
        }
        return Optional.of(
                switch (schema) {
                    case Schema.Struct struct when given instanceof Json.Obj object ->
                            struct(struct, object, path);
                    case Schema.Dict dict when given instanceof Json.Obj object ->
                            dict(dict, object, path, owner);
                    case Schema.Items items when given instanceof Json.Arr list ->
                            items(items, list, path, owner);
                    case Schema.Struct struct -> mismatch(given, path, owner, last(struct.name()));
                    case Schema.Dict _ -> mismatch(given, path, owner, "map");
                    case Schema.Items _ -> mismatch(given, path, owner, "list");
                    case Schema.Scalar scalar ->
                            kind.builtIn() ? scalar(scalar, given, path, owner) : given;
                    case Schema.Free _ -> given;
                });
    }

    private Json dict(Schema.Dict schema, Json.Obj given, String path, Schema.Struct owner)
            throws Refusal {
        var kept = new LinkedHashMap<String, Json>();
        for (var field : given.fields().entrySet()) {
            value(schema.values(), field.getValue(), path + "." + field.getKey(), owner)
                    .ifPresent(value -> kept.put(field.getKey(), value));
        }
        return new Json.Obj(kept);
    }

    private Json items(Schema.Items schema, Json.Arr given, String path, Schema.Struct owner)
            throws Refusal {
        var kept = new ArrayList<Json>();
        for (int i = 0; i < given.items().size(); i++) {
            var item = given.items().get(i);
            value(schema.element(), item, path + "[" + i + "]", owner).ifPresent(kept::add);
        }
        return new Json.Arr(kept);
    }

    private Json scalar(Schema.Scalar schema, Json given, String path, Schema.Struct owner)
            throws Refusal {
        var format = schema.facts().limits().format();
        return switch (schema.type()) {
            case STRING ->
                    given instanceof Json.Str(var text)
                            ? formatted(given, text, format, path)
                            : mismatch(given, path, owner, "string");
            case BOOLEAN ->
                    given instanceof Json.Bool ? given : mismatch(given, path, owner, "bool");
            case INTEGER ->
                    given instanceof Json.Int(var n) && fits(n, format)
                            ? given
                            : mismatch(given, path, owner, format);
            case NUMBER ->
                    given instanceof Json.Int || given instanceof Json.Dec
                            ? given
                            : mismatch(given, path, owner, "float64");
            case INT_OR_STRING ->
                    given instanceof Json.Str
                                    || (given instanceof Json.Int(var n) && fits(n, "int32"))
                            ? given
                            : mismatch(given, path, owner, "intstr.IntOrString");
            case QUANTITY -> quantity(given, path, owner);
        };
    }

    private static boolean fits(long number, String format) {
        return !format.equals("int32") || number == (int) number;
    }

    private Json formatted(Json given, String text, String format, String path) throws Refusal {
        try {
            switch (format) {
                case "date-time" -> OffsetDateTime.parse(text);
                case "byte" -> Base64.getDecoder().decode(text.replaceAll("[\r\n]", ""));
                default -> {}
            }
            return given;
        } catch (DateTimeException _) {
            throw refused(
                    path
                            + ": parsing time \""
                            + text
                            + "\": it must look like 2026-01-31T12:00:00Z");
        } catch (IllegalArgumentException _) {
            throw refused(path + ": illegal base64 data");
        }
    }

    private Json quantity(Json given, String path, Schema.Struct owner) throws Refusal {
        var text =
                switch (given) {
                    case Json.Str(var s) -> s;
                    case Json.Int(var n) -> Long.toString(n);
                    case Json.Dec _ -> given.toString();
                    case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> "";
                };
        if (text.isEmpty() && !(given instanceof Json.Str)) {
            return mismatch(given, path, owner, "resource.Quantity");
        }
        if (!Quantity.isValid(text)) {
            throw refused(path + ": " + Quantity.SYNTAX);
        }
        return new Json.Str(text);
    }

    /**
     * Go's words for a wrong type, as kubectl's users know them. Types of custom kinds come later.
     */
    private Json mismatch(Json given, String path, Schema.Struct owner, String wanted)
            throws Refusal {
        if (!kind.builtIn()) {
            return given;
        }
        throw refused(
                "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
                        .formatted(
                                named(given),
                                last(owner.name()),
                                path.replaceAll("\\[[0-9]+\\]", ""),
                                wanted));
    }

    private static String named(Json given) {
        return switch (given) {
            case Json.Obj _ -> "object";
            case Json.Arr _ -> "array";
            case Json.Str _ -> "string";
            case Json.Int _, Json.Dec _ ->
                    "number" + (given instanceof Json.Dec ? " " + given : "");
            case Json.Bool _ -> "bool";
            case Json.Null _ -> "null";
        };
    }

    private static String last(String fullName) {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }
}
