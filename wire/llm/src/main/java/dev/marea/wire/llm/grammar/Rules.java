package dev.marea.wire.llm.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules of one grammar, never more than an engine should be asked to follow. */
final class Rules {
    private static final int RULES_MAX = 4_000;
    private static final int CHARS_MAX = 512 << 10;

    private static final Map<String, String> BASE =
            Map.of(
                    "ws", "| \" \" | \"\\n\" [ \\t]{0,20}",
                    "char",
                            "[^\"\\\\\\x00-\\x1F\\x7F] | \"\\\\\" ([\"\\\\/bfnrt] | \"u\" [0-9a-fA-F]{4})",
                    "string", "\"\\\"\" char* \"\\\"\"",
                    "integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,17})",
                    "number",
                            "\"-\"? (\"0\" | [1-9] [0-9]{0,17}) (\".\" [0-9]{1,17})? ([eE] [-+]? [0-9]{1,3})?",
                    "boolean", "\"true\" | \"false\"",
                    "null", "\"null\"",
                    "value", "object | array | string | number | boolean | null",
                    "object",
                            "\"{\" ws (string \":\" ws value (\",\" ws string \":\" ws value)*)? ws \"}\"",
                    "array", "\"[\" ws (value (\",\" ws value)*)? ws \"]\"");

    private static final Map<String, java.util.List<String>> NEEDS =
            Map.of(
                    "string", java.util.List.of("char"),
                    "value",
                            java.util.List.of(
                                    "object", "array", "string", "number", "boolean", "null"),
                    "object", java.util.List.of("ws", "string", "value"),
                    "array", java.util.List.of("ws", "value"));

    private final Map<String, String> rules = new LinkedHashMap<>();
    private int chars;
    private int made;

    /** The name of a rule that every grammar may use; it and what it needs are put in. */
    String base(String name) {
        if (!rules.containsKey(name)) {
            rules.put(name, java.util.Objects.requireNonNull(BASE.get(name), name));
            NEEDS.getOrDefault(name, java.util.List.of()).forEach(this::base);
        }
        return name;
    }

    /** A new rule; its name begins with {@code hint}. */
    String add(String hint, String body, String path) throws UnsupportedSchema {
        var name = reserve(hint, path);
        define(name, body, path);
        return name;
    }

    /** A name for a rule whose body is not known yet: the way of recursion. */
    String reserve(String hint, String path) throws UnsupportedSchema {
        if (++made > RULES_MAX) {
            throw new UnsupportedSchema(
                    path, "the schema needs more than " + RULES_MAX + " grammar rules");
        }
        var clean = hint.replaceAll("[^a-zA-Z0-9]+", "-").replaceAll("^-+|-+$", "");
        return (clean.isEmpty() ? "r" : clean.substring(0, Math.min(30, clean.length())))
                + "-"
                + made;
    }

    void define(String name, String body, String path) throws UnsupportedSchema {
        chars += name.length() + body.length();
        if (chars > CHARS_MAX) {
            throw new UnsupportedSchema(
                    path, "the schema's grammar is longer than " + CHARS_MAX + " characters");
        }
        rules.put(name, body);
    }

    String text(String root) {
        return "root ::= "
                + root
                + "\n"
                + rules.entrySet().stream()
                        .map(rule -> rule.getKey() + " ::= " + rule.getValue() + "\n")
                        .collect(Collectors.joining());
    }

    /** A text as a literal. */
    static String literal(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        out.append("\\x").append("%02X".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
