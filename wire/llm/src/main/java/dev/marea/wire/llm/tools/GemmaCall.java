package dev.marea.wire.llm.tools;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;

/**
 * FunctionGemma's own notation, {@code call:name{city:<escape>Rome<escape>,days:2}}: bare keys, and
 * texts between marks instead of quotes. It is JSON once both are put right.
 */
final class GemmaCall {
    static final String START = "<start_function_call>";
    static final String END = "<end_function_call>";
    private static final String MARK = "<escape>";

    private GemmaCall() {}

    static boolean read(String written, Calls calls) {
        var text = written.strip();
        int brace = text.indexOf('{');
        if (!text.startsWith("call:") || brace < 0 || !text.endsWith("}")) {
            return false;
        }
        var arguments = json(text.substring(brace));
        if (!(arguments instanceof Json.Obj)) {
            return false;
        }
        calls.start(text.substring("call:".length(), brace).strip());
        calls.arguments(JsonWriter.text(arguments));
        return true;
    }

    private static Json json(String notation) {
        var bare = new StringBuilder();
        var parts = notation.split(MARK, -1);
        for (int i = 0; i < parts.length; i++) {
            bare.append(
                    i % 2 == 0 ? quotedKeys(parts[i]) : JsonWriter.text(new Json.Str(parts[i])));
        }
        try {
            return JsonReader.read(bare.toString());
        } catch (JsonReader.MalformedJson _) {
            return Json.Null.VALUE;
        }
    }

    private static String quotedKeys(String outsideTexts) {
        return outsideTexts.replaceAll("([{,]\\s*)([A-Za-z_][\\w.-]*)\\s*:", "$1\"$2\":");
    }
}
