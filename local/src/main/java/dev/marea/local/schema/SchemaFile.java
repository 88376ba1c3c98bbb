package dev.marea.local.schema;

import dev.marea.local.schema.Schema.Facts;
import dev.marea.local.schema.Schema.Limits;
import dev.marea.local.schema.Schema.ListMerge;
import dev.marea.local.schema.Schema.ScalarType;
import dev.marea.local.schema.Schema.Strategy;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the built-in kinds from the {@code *.schema} resources beside this class. A line at the
 * margin names a type, an indented one a field of it:
 *
 * <pre>
 * package io.k8s.api.core.v1
 * ContainerPort | A port that a container listens on.
 *   containerPort int! | Its number.
 *   protocol string default="TCP" enum=TCP,UDP,SCTP | ...
 * </pre>
 *
 * Types are string, int, long, bool, time, microTime, bytes, quantity, intOrString, any, a type's
 * name, {@code [T]} for a list and {@code {T}} for a map. Flags: {@code !} required, {@code
 * atomic}, {@code set}, {@code keys=} for server-side apply, {@code merge}, {@code merge=}, {@code
 * retainKeys} for strategic patches, {@code always} for what cannot be absent, {@code default=}
 * (JSON without blanks), {@code enum=}.
 */
final class SchemaFile {
    private final Map<String, Definition> definitions = new HashMap<>();
    private final Map<String, Schema.Struct> built = new HashMap<>();

    private record Definition(
            String fullName, boolean atomic, String description, List<Line> fields) {}

    private record Line(
            String name, String type, boolean required, Flags flags, String description) {}

    private record Flags(Map<String, String> values) {
        boolean has(String flag) {
            return values.containsKey(flag);
        }

        Optional<String> of(String flag) {
            return Optional.ofNullable(values.get(flag)).filter(v -> !v.isEmpty());
        }
    }

    static SchemaFile load(List<String> resources) {
        var file = new SchemaFile();
        resources.forEach(name -> file.read(text(name)));
        return file;
    }

    private static String text(String name) {
        try (var in = SchemaFile.class.getResourceAsStream(name + ".schema")) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name + ".schema");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read(String text) {
        var home = "";
        var fields = new ArrayList<Line>();
        for (var line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("package ")) {
                home = line.substring("package ".length()).strip();
            } else if (line.startsWith(" ")) {
                fields.add(field(line));
            } else {
                fields = new ArrayList<>();
                var head = halves(line);
                var words = head[0].split("\\s+", -1);
                definitions.put(
                        words[0],
                        new Definition(
                                home + "." + words[0],
                                words.length > 1 && words[1].equals("atomic"),
                                head[1],
                                fields));
            }
        }
    }

    private static String[] halves(String line) {
        int bar = line.indexOf(" | ");
        return bar < 0
                ? new String[] {line.strip(), ""}
                : new String[] {line.substring(0, bar).strip(), line.substring(bar + 3).strip()};
    }

    private static Line field(String line) {
        var halves = halves(line);
        var words = halves[0].split("\\s+", -1);
        var flags = new LinkedHashMap<String, String>();
        for (var word : Arrays.asList(words).subList(2, words.length)) {
            int equals = word.indexOf('=');
            flags.put(
                    equals < 0 ? word : word.substring(0, equals),
                    equals < 0 ? "" : word.substring(equals + 1));
        }
        boolean required = words[1].endsWith("!");
        var type = required ? words[1].substring(0, words[1].length() - 1) : words[1];
        return new Line(words[0], type, required, new Flags(flags), halves[1]);
    }

    /** The struct of a type's name. */
    Schema.Struct struct(String name) {
        var known = built.get(name);
        if (known != null) {
            return known;
        }
        var definition = definitions.get(name);
        if (definition == null) {
            throw new IllegalStateException("no type " + name + " in the schema files");
        }
        var fields = new LinkedHashMap<String, Schema>();
        var required = new LinkedHashSet<String>();
        var always = new LinkedHashSet<String>();
        for (var line : definition.fields) {
            fields.put(line.name, shape(line.type, facts(line), line.flags));
            if (line.required) {
                required.add(line.name);
            }
            if (line.flags.has("always")) {
                always.add(line.name);
            }
        }
        var struct =
                new Schema.Struct(
                        Facts.NONE,
                        definition.fullName,
                        definition.description,
                        fields,
                        required,
                        definition.atomic,
                        false,
                        false,
                        always);
        built.put(name, struct);
        return struct;
    }

    private Schema shape(String type, Facts facts, Flags flags) {
        if (type.startsWith("[")) {
            return new Schema.Items(facts, inner(type), listMerge(flags));
        }
        if (type.startsWith("{")) {
            return new Schema.Dict(facts, inner(type), flags.has("atomic"));
        }
        return switch (type) {
            case "string" -> new Schema.Scalar(facts, ScalarType.STRING);
            case "int" -> new Schema.Scalar(formatted(facts, "int32"), ScalarType.INTEGER);
            case "long" -> new Schema.Scalar(formatted(facts, "int64"), ScalarType.INTEGER);
            case "bool" -> new Schema.Scalar(facts, ScalarType.BOOLEAN);
            case "time", "microTime" ->
                    new Schema.Scalar(formatted(facts, "date-time"), ScalarType.STRING);
            case "bytes" -> new Schema.Scalar(formatted(facts, "byte"), ScalarType.STRING);
            case "quantity" -> new Schema.Scalar(facts, ScalarType.QUANTITY);
            case "intOrString" -> new Schema.Scalar(facts, ScalarType.INT_OR_STRING);
            case "any" -> new Schema.Free(facts);
            default -> placed(struct(type), facts, flags);
        };
    }

    private Schema inner(String type) {
        var element = type.substring(1, type.length() - 1);
        return shape(element, Facts.NONE, new Flags(Map.of()));
    }

    /** A named type at a field: the field's own words and defaults, the type's shape. */
    private static Schema placed(Schema.Struct type, Facts field, Flags flags) {
        return new Schema.Struct(
                field,
                type.name(),
                type.about(),
                type.fields(),
                type.required(),
                type.atomic() || flags.has("atomic"),
                false,
                false,
                type.always());
    }

    private static ListMerge listMerge(Flags flags) {
        if (flags.has("set")) {
            return ListMerge.SET;
        }
        return flags.of("keys")
                .<ListMerge>map(keys -> new ListMerge.ByKeys(List.of(keys.split(",", -1))))
                .orElse(ListMerge.ATOMIC);
    }

    private static Facts facts(Line line) {
        var flags = line.flags;
        var strategy =
                new Strategy(
                        flags.has("merge"), flags.has("retainKeys"), flags.of("merge").orElse(""));
        return new Facts(
                line.description,
                flags.of("default").map(SchemaFile::json),
                false,
                strategy,
                allowed(flags));
    }

    private static Limits allowed(Flags flags) {
        return new Limits(
                flags.of("enum")
                        .map(words -> Arrays.stream(words.split(",", -1)).map(Json::of).toList())
                        .orElse(List.of()),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "");
    }

    private static Facts formatted(Facts facts, String format) {
        return new Facts(
                facts.description(),
                facts.fallback(),
                facts.nullable(),
                facts.strategy(),
                Limits.format(format));
    }

    private static Json json(String text) {
        try {
            return JsonReader.read(text);
        } catch (JsonReader.MalformedJson broken) {
            throw new IllegalStateException("default=" + text, broken);
        }
    }
}
