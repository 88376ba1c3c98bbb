package dev.marea.wire.llm.peek;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The field {@code model} of a JSON object, wherever it stands. One pass, no tree, no copy. */
public final class JsonPeek implements ModelPeek {
    private static final int NAME_BYTES_MAX = 2_048;

    /** No client can write this name: it is never found. */
    static final String NO_FIELD = "\u0000none";

    private final String wanted;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(64);
    private Seen seen = new Seen.NotYet();
    private String key = "";
    private long at;
    private long textStart;
    private int depth;
    private boolean inText;
    private boolean escaped;
    private boolean afterColon;
    private boolean streams;

    /**
     * {@code wanted} is the field to be found, or {@link #NO_FIELD}: then all is looked through.
     */
    JsonPeek(String wanted) {
        this.wanted = wanted;
    }

    @Override
    public Seen feed(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length && seen instanceof Seen.NotYet; i++, at++) {
            if (inText) {
                inText(bytes[i]);
            } else {
                outside(bytes[i]);
            }
        }
        return seen;
    }

    private void inText(byte b) {
        if (depth == 1 && text.size() <= NAME_BYTES_MAX) {
            text.write(b);
        }
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inText = false;
            endOfText();
        }
    }

    private void endOfText() {
        if (depth != 1) {
            return;
        }
        if (!afterColon) {
            key = decoded();
        } else if (key.equals(wanted)) {
            var name = decoded();
            seen =
                    name.isEmpty()
                            ? new Seen.None("model must be a short string")
                            : new Seen.Model(name, textStart, at + 1);
        }
    }

    /** The text with its escapes read; empty when it is too long or none. */
    private String decoded() {
        try {
            return text.size() <= NAME_BYTES_MAX
                            && JsonReader.read(text.toByteArray()) instanceof Json.Str(var value)
                    ? value
                    : "";
        } catch (JsonReader.MalformedJson _) {
            return "";
        }
    }

    private void outside(byte b) {
        switch (b) {
            case '"' -> {
                inText = true;
                text.reset();
                text.write(b);
                textStart = at;
            }
            case '{', '[' -> {
                if (depth == 0 && b == '[') {
                    seen = new Seen.None("the body must be a JSON object");
                }
                depth++;
            }
            case '}', ']' -> {
                depth--;
                if (depth <= 0) {
                    seen = new Seen.None("model is required");
                }
            }
            case ':' -> afterColon |= depth == 1;
            case ',' -> afterColon &= depth != 1;
            default -> other(b);
        }
    }

    private void other(byte b) {
        boolean space = b == ' ' || b == '\n' || b == '\r' || b == '\t';
        if (depth == 0 && !space) {
            seen = new Seen.None("the body must be a JSON object");
        }
        if (depth == 1 && afterColon && b == 't' && key.equals("stream")) {
            streams = true;
        }
    }

    @Override
    public String written(String name) {
        return JsonWriter.text(new Json.Str(name));
    }

    @Override
    public boolean asksForStream() {
        return streams;
    }

    static String ascii(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
