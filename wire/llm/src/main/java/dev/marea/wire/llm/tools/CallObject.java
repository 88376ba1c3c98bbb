package dev.marea.wire.llm.tools;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;

/**
 * Reads one {@code {"name": …, "arguments": {…}}} as it comes. Arguments behind the name are told
 * letter by letter; an object in another order is told when it is whole.
 */
final class CallObject {
    private enum Way {
        UNDECIDED,
        STREAMS,
        WAITS
    }

    private final Calls calls;
    private final StringBuilder text = new StringBuilder();
    private final JsonSpan span = new JsonSpan();
    private Way way = Way.UNDECIDED;
    private JsonSpan arguments = new JsonSpan();
    private boolean inArguments;

    CallObject(Calls calls) {
        this.calls = calls;
    }

    /** Takes letters up to the object's last; whether that was among them. */
    int read(CharSequence from, int start, StringBuilder told) {
        for (int i = start; i < from.length(); i++) {
            char c = from.charAt(i);
            boolean last = span.ends(c);
            text.append(c);
            if (inArguments) {
                told.append(c);
                inArguments = !arguments.ends(c);
            } else if (way == Way.UNDECIDED) {
                decide(c);
            }
            if (last) {
                flush(told);
                whole();
                return i + 1;
            }
        }
        flush(told);
        return -1;
    }

    private void flush(StringBuilder told) {
        if (way == Way.STREAMS) {
            calls.arguments(told.toString());
        }
        told.setLength(0);
    }

    /** At the brace that opens the arguments, everything before it is known. */
    private void decide(char c) {
        if (c != '{' || span.depth() != 2 || span.inString()) {
            return;
        }
        way = Way.WAITS;
        try {
            var before = JsonReader.read(text.substring(0, text.length() - 1) + "null}");
            var name = before.text("name");
            var last = ((Json.Obj) before).fields().lastEntry().getKey();
            if (name.isPresent() && (last.equals("arguments") || last.equals("parameters"))) {
                way = Way.STREAMS;
                calls.start(name.get(), before.text("id").orElse(""));
                arguments = new JsonSpan();
                inArguments = !arguments.ends(c);
                calls.arguments("{");
            }
        } catch (JsonReader.MalformedJson _) {
            way = Way.WAITS;
        }
    }

    private void whole() {
        if (way == Way.STREAMS) {
            return;
        }
        var call = parsed(text.toString());
        if (call.text("name").isEmpty()) {
            calls.content(text.toString());
            return;
        }
        calls.start(call.text("name").orElseThrow(), call.text("id").orElse(""));
        var given = call.at("arguments").or(() -> call.at("parameters")).orElse(Json.Obj.EMPTY);
        calls.arguments(given instanceof Json.Str(var written) ? written : JsonWriter.text(given));
    }

    static Json parsed(String text) {
        try {
            return JsonReader.read(text);
        } catch (JsonReader.MalformedJson _) {
            return Json.Null.VALUE;
        }
    }

    /** The text ended inside the object: what was not told as a call is told as it stands. */
    void cut() {
        if (way != Way.STREAMS) {
            calls.content(text.toString());
        }
    }
}
