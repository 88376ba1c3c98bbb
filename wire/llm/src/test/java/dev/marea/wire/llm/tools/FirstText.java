package dev.marea.wire.llm.tools;

import java.util.HashMap;
import java.util.Map;

/** The first text that a grammar of literals and rules allows, optional parts left out. */
final class FirstText {
    private final Map<String, String> rules = new HashMap<>();

    private FirstText(String grammar) {
        for (var line : grammar.lines().toList()) {
            int sign = line.indexOf(" ::= ");
            rules.put(line.substring(0, sign), line.substring(sign + 5));
        }
    }

    static String of(String grammar) {
        return new FirstText(grammar).rule("root");
    }

    private String rule(String name) {
        if (name.equals("ws")) {
            return "";
        }
        var body = rules.get(name);
        if (body == null) {
            throw new IllegalStateException("no rule " + name);
        }
        return sequence(body);
    }

    private String sequence(String body) {
        var out = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            char c = body.charAt(at);
            if (c == '|') {
                return out.toString();
            } else if (c == '"') {
                int end = at + 1;
                while (body.charAt(end) != '"') {
                    end += body.charAt(end) == '\\' ? 2 : 1;
                }
                out.append(
                        body.substring(at + 1, end)
                                .replace("\\n", "\n")
                                .replace("\\\"", "\"")
                                .replace("\\\\", "\\"));
                at = end + 1;
            } else if (c == '(') {
                int end = closing(body, at);
                boolean optional =
                        end + 1 < body.length() && "*?".indexOf(body.charAt(end + 1)) >= 0;
                out.append(optional ? "" : sequence(body.substring(at + 1, end)));
                at = end + (optional ? 2 : 1);
            } else if (c == ' ') {
                at++;
            } else {
                int end = at;
                while (end < body.length() && body.charAt(end) != ' ' && body.charAt(end) != ')') {
                    end++;
                }
                out.append(rule(body.substring(at, end)));
                at = end;
            }
        }
        return out.toString();
    }

    private static int closing(String body, int open) {
        int depth = 0;
        boolean quoted = false;
        for (int i = open; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (depth == 0) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("no ) in " + body);
    }
}
