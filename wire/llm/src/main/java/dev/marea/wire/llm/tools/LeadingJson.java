package dev.marea.wire.llm.tools;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.List;

/**
 * Llama's calls: the whole answer is one call object, or several with semicolons between. An answer
 * that begins otherwise is content; so is JSON that turns out to be no call.
 */
final class LeadingJson implements OutputParser {
    private static final String TAG = "<|python_tag|>";
    private static final String FIRST_KEYS =
            "^\\{\\s*\"(name|type|function|parameters|arguments)\"";

    private final Calls calls;
    private final StringBuilder buffer = new StringBuilder();
    private JsonSpan span = new JsonSpan();
    private int scanned;
    private boolean content;

    LeadingJson(Calls calls) {
        this.calls = calls;
    }

    @Override
    public List<OutputDelta> feed(String text) {
        buffer.append(text);
        read();
        return calls.take();
    }

    @Override
    public List<OutputDelta> end() {
        if (!content && !calls.any()) {
            calls.content(buffer.toString());
        } else if (content || !buffer.toString().isBlank()) {
            calls.content(buffer.toString());
        }
        calls.finish();
        return calls.take();
    }

    private void read() {
        while (!content && object()) {}
        if (content) {
            calls.content(buffer.toString());
            buffer.setLength(0);
        }
    }

    /** Takes one object off the front; false when it is not whole yet, or is no call. */
    private boolean object() {
        int at = start();
        if (at < 0) {
            return false;
        }
        if (buffer.charAt(at) != '{') {
            content = true;
            return false;
        }
        if (looksForeign(at)) {
            content = true;
            return false;
        }
        for (int i = Math.max(at, scanned); i < buffer.length(); i++) {
            scanned = i + 1;
            if (span.ends(buffer.charAt(i))) {
                return call(at, i + 1);
            }
        }
        return false;
    }

    /** Where the first object may begin; -1 while that cannot be known. */
    private int start() {
        int at = Texts.skipSpace(buffer, 0);
        if (calls.any() && at < buffer.length() && buffer.charAt(at) == ';') {
            at = Texts.skipSpace(buffer, at + 1);
        }
        if (at < buffer.length() && Texts.mayBegin(buffer, at, TAG)) {
            at = buffer.length() - at < TAG.length() ? buffer.length() : at + TAG.length();
            at = Texts.skipSpace(buffer, at);
        }
        return at == buffer.length() ? -1 : at;
    }

    /** JSON whose first key no call has is an answer, and need not be held back. */
    private boolean looksForeign(int at) {
        int colon = buffer.indexOf(":", at);
        int quote = buffer.indexOf("\"", at);
        boolean keyKnown = quote >= 0 && colon > quote;
        return keyKnown
                && !java.util.regex.Pattern.compile(FIRST_KEYS)
                        .matcher(buffer.substring(at, colon))
                        .find();
    }

    private boolean call(int from, int to) {
        var call = CallObject.parsed(buffer.substring(from, to));
        var given = call.at("parameters").or(() -> call.at("arguments"));
        if (call.text("name").isEmpty() || given.isEmpty()) {
            content = true;
            return false;
        }
        calls.start(call.text("name").orElseThrow());
        calls.arguments(
                given.get() instanceof Json.Str(var text) ? text : JsonWriter.text(given.get()));
        buffer.delete(0, to);
        span = new JsonSpan();
        scanned = 0;
        return true;
    }
}
