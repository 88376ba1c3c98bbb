package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;

/** Strings: of a length, of a pattern, or of a well-known form. */
final class StringRules {
    /** Engines refuse to repeat more often. */
    private static final int LENGTH_MAX = 2_000;

    private final Rules rules;

    StringRules(Rules rules) {
        this.rules = rules;
    }

    String rule(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        boolean bounded = schema.has("minLength") || schema.has("maxLength");
        if (schema.has("pattern")) {
            return pattern(schema, bounded, path, hint);
        }
        if (schema.has("format")) {
            return format(schema, path, hint);
        }
        if (!bounded) {
            return rules.base("string");
        }
        long min = length(schema, "minLength", path, 0);
        long max = length(schema, "maxLength", path, -1);
        if (max >= 0 && max < min) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "maxLength"), "maxLength is less than minLength");
        }
        var chars = rules.base("char") + "{" + min + "," + (max < 0 ? "" : max) + "}";
        return rules.add(hint, "\"\\\"\" " + chars + " \"\\\"\"", path);
    }

    private String pattern(Json.Obj schema, boolean bounded, String path, String hint)
            throws UnsupportedSchema {
        if (bounded) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, "pattern"),
                    "pattern together with minLength or maxLength is not supported");
        }
        var place = SchemaCompiler.join(path, "pattern");
        var pattern =
                schema.text("pattern")
                        .orElseThrow(
                                () -> new UnsupportedSchema(place, "pattern must be a string"));
        var any = rules.base("char") + "*";
        var before = pattern.startsWith("^") ? "" : any + " ";
        var after = pattern.endsWith("$") && !pattern.endsWith("\\$") ? "" : " " + any;
        var inside = RegexParser.grammar(pattern, RegexText.JSON, place);
        return rules.add(
                hint, "\"\\\"\" " + before + "(" + inside + ")" + after + " \"\\\"\"", path);
    }

    private String format(Json.Obj schema, String path, String hint) throws UnsupportedSchema {
        var date =
                "[0-9]{4} \"-\" (\"0\" [1-9] | \"1\" [0-2]) \"-\" (\"0\" [1-9] | [12] [0-9] | \"3\" [01])";
        var time =
                "([01] [0-9] | \"2\" [0-3]) \":\" [0-5] [0-9] \":\" [0-5] [0-9] (\".\" [0-9]{1,9})? (\"Z\" | [+-] [0-2] [0-9] \":\" [0-5] [0-9])";
        var form = schema.text("format").orElse("");
        var inside =
                switch (form) {
                    case "date" -> date;
                    case "time" -> time;
                    case "date-time" -> date + " \"T\" " + time;
                    case "uuid" ->
                            "[0-9a-f]{8} \"-\" [0-9a-f]{4} \"-\" [0-9a-f]{4} \"-\" [0-9a-f]{4} \"-\" [0-9a-f]{12}";
                    case "email" ->
                            "[a-zA-Z0-9._%+-]{1,64} \"@\" [a-zA-Z0-9-]{1,63} (\".\" [a-zA-Z0-9-]{1,63}){1,8}";
                    case "ipv4" ->
                            octet() + " \".\" " + octet() + " \".\" " + octet() + " \".\" "
                                    + octet();
                    case "uri", "uri-reference", "url" ->
                            "[a-z]{1,20} \"://\" [^\"\\\\ \\x00-\\x1F\\x7F]{1,2000}";
                    default ->
                            throw new UnsupportedSchema(
                                    SchemaCompiler.join(path, "format"),
                                    "the format '%s' is not supported; date, time, date-time, uuid, email, ipv4 and uri are"
                                            .formatted(form));
                };
        return rules.add(hint, "\"\\\"\" " + inside + " \"\\\"\"", path);
    }

    private static String octet() {
        return "(\"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9] [0-9] | [1-9]? [0-9])";
    }

    private static long length(Json.Obj schema, String name, String path, long otherwise)
            throws UnsupportedSchema {
        if (!schema.has(name)) {
            return otherwise;
        }
        long value = schema.integer(name).orElse(-1);
        if (value < 0 || value > LENGTH_MAX) {
            throw new UnsupportedSchema(
                    SchemaCompiler.join(path, name), name + " must be from 0 to " + LENGTH_MAX);
        }
        return value;
    }
}
