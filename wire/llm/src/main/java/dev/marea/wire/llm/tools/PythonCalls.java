package dev.marea.wire.llm.tools;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads a Python list of calls with literal arguments; anything else is no list of calls. */
final class PythonCalls {
    private static final int DEPTH_MAX = 50;

    private final String text;
    private int at;
    private int depth;

    private PythonCalls(String text) {
        this.text = text;
    }

    /** The calls, or none where the text is not entirely a list of them. */
    static List<ToolCall> read(String text) {
        var reader = new PythonCalls(text);
        try {
            return reader.calls();
        } catch (Foreign _) {
            return List.of();
        }
    }

    private List<ToolCall> calls() throws Foreign {
        var calls = new ArrayList<ToolCall>();
        expect('[');
        while (!accept(']')) {
            if (!calls.isEmpty()) {
                expect(',');
            }
            calls.add(call());
        }
        space();
        if (at != text.length()) {
            throw new Foreign();
        }
        return calls;
    }

    private ToolCall call() throws Foreign {
        var name = name();
        expect('(');
        var arguments = new LinkedHashMap<String, Json>();
        while (!accept(')')) {
            if (!arguments.isEmpty()) {
                expect(',');
            }
            var key = name();
            expect('=');
            arguments.put(key, value());
        }
        return new ToolCall("", name, JsonWriter.text(new Json.Obj(arguments)));
    }

    private Json value() throws Foreign {
        space();
        if (at == text.length() || ++depth > DEPTH_MAX) {
            throw new Foreign();
        }
        char c = text.charAt(at);
        var value =
                switch (c) {
                    case '"', '\'' -> new Json.Str(string(c));
                    case '[' -> list('[', ']');
                    case '(' -> list('(', ')');
                    case '{' -> dict();
                    default -> Character.isLetter(c) ? word(name()) : number();
                };
        depth--;
        return value;
    }

    private static Json word(String word) throws Foreign {
        return switch (word) {
            case "True", "true" -> new Json.Bool(true);
            case "False", "false" -> new Json.Bool(false);
            case "None", "null" -> Json.Null.VALUE;
            default -> throw new Foreign();
        };
    }

    private Json number() throws Foreign {
        int from = at;
        while (at < text.length() && "+-.0123456789eE_".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        var written = text.substring(from, at).replace("_", "");
        try {
            return written.matches("[+-]?\\d+")
                    ? new Json.Int(Long.parseLong(written))
                    : new Json.Dec(Double.parseDouble(written));
        } catch (NumberFormatException _) {
            throw new Foreign();
        }
    }

    private Json list(char open, char close) throws Foreign {
        expect(open);
        var items = new ArrayList<Json>();
        while (!accept(close)) {
            if (!items.isEmpty()) {
                expect(',');
                if (accept(close)) {
                    break;
                }
            }
            items.add(value());
        }
        return new Json.Arr(items);
    }

    private Json dict() throws Foreign {
        expect('{');
        var fields = new LinkedHashMap<String, Json>();
        while (!accept('}')) {
            if (!fields.isEmpty()) {
                expect(',');
                if (accept('}')) {
                    break;
                }
            }
            if (!(value() instanceof Json.Str(var key))) {
                throw new Foreign();
            }
            expect(':');
            fields.put(key, value());
        }
        return new Json.Obj(fields);
    }

    private String string(char quote) throws Foreign {
        var out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return out.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = escaped(text.charAt(++at));
            }
            out.append(c);
        }
        throw new Foreign();
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> letter;
        };
    }

    private String name() throws Foreign {
        space();
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (from == at) {
            throw new Foreign();
        }
        return text.substring(from, at);
    }

    private void expect(char c) throws Foreign {
        if (!accept(c)) {
            throw new Foreign();
        }
    }

    private boolean accept(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        at = Texts.skipSpace(text, at);
    }

    /** The text is something else. */
    private static final class Foreign extends Exception {
        private static final long serialVersionUID = 1;

        Foreign() {
            super("no list of calls", null, false, false);
        }
    }
}
