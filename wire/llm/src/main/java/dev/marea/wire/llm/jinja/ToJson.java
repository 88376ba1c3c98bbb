package dev.marea.wire.llm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it, which is how models were taught to read it. */
final class ToJson {
    private static final int DEPTH_MAX = 100;

    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final boolean sorted;
    private final String indent;
    private final String comma;
    private final String colon;
    private final Meter meter;

    private ToJson(Arguments arguments, Meter meter) {
        this.meter = meter;
        this.ascii = arguments.flag(0, "ensure_ascii", false);
        this.indent = indent(arguments.at(1, "indent", Values.NONE));
        var separators = arguments.at(2, "separators", Values.NONE);
        boolean given = separators instanceof Value.Seq;
        var pair = given ? Python.items(separators) : List.<Value>of();
        this.comma = given ? Python.text(pair.getFirst()) : indent.isEmpty() ? ", " : ",";
        this.colon = given ? Python.text(pair.getLast()) : ": ";
        this.sorted = arguments.flag(3, "sort_keys", false);
    }

    static String of(Value value, Arguments arguments, Meter meter) {
        var writer = new ToJson(arguments, meter);
        writer.value(value, 0);
        return writer.out.toString();
    }

    private static String indent(Value value) {
        return switch (value) {
            case Value.None _ -> "";
            case Value.Str(var text, _) -> text;
            case Value other -> " ".repeat(Math.clamp(Python.integer(other), 0, 32));
        };
    }

    private void value(Value value, int depth) {
        if (depth > DEPTH_MAX) {
            throw new Trouble("a value nests too deep for JSON");
        }
        meter.step();
        switch (value) {
            case Value.None _ -> out.append("null");
            case Value.Bool(var flag) -> out.append(flag);
            case Value.Int(var number) -> out.append(number);
            case Value.Dec(var number) -> out.append(decimal(number));
            case Value.Str(var text, _) -> string(text);
            case Value.Seq(var items, _, _) -> list(items, depth);
            case Value.Dict(var entries, _) -> dict(entries, depth);
            case Value.Undefined undefined -> throw undefined.trouble();
            case Value.Namespace _, Value.Parts _, Value.Function _ ->
                    throw new Trouble(value.type() + " has no JSON form");
        }
        meter.fits(out.length());
    }

    private static String decimal(double number) {
        return switch (Python.decimal(number)) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case String text -> text;
        };
    }

    private void list(List<Value> items, int depth) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            separate(i, depth + 1);
            value(items.get(i), depth + 1);
        }
        close(items.isEmpty(), depth);
        out.append(']');
    }

    private void dict(Map<Value, Value> entries, int depth) {
        var keys = new ArrayList<>(entries.keySet());
        if (sorted) {
            keys.sort(Python::compare);
        }
        out.append('{');
        for (int i = 0; i < keys.size(); i++) {
            separate(i, depth + 1);
            string(key(keys.get(i)));
            out.append(colon);
            value(java.util.Objects.requireNonNull(entries.get(keys.get(i))), depth + 1);
        }
        close(keys.isEmpty(), depth);
        out.append('}');
    }

    private static String key(Value key) {
        return switch (key) {
            case Value.Str(var text, _) -> text;
            case Value.Bool(var flag) -> Boolean.toString(flag);
            case Value.None _ -> "null";
            case Value.Int _, Value.Dec _ -> Python.repr(key);
            case Value other -> throw new Trouble("a key of JSON cannot be " + other.type());
        };
    }

    private void separate(int place, int depth) {
        if (place > 0) {
            out.append(comma);
        }
        newLine(depth);
    }

    private void close(boolean empty, int depth) {
        if (!empty) {
            newLine(depth);
        }
    }

    private void newLine(int depth) {
        if (!indent.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void string(String text) {
        meter.text(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        out.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> {
                if (c < 0x20 || (ascii && c > 0x7E)) {
                    out.append("\\u").append("%04x".formatted((int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
