package dev.marea.wire.llm.chat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Messages as templates expect them, which is not quite as clients send them. */
final class TemplateMessages {
    private TemplateMessages() {}

    static Json.Obj shaped(Json.Obj message, boolean parts) {
        var shaped = message;
        var content = message.fields().get("content");
        if (content instanceof Json.Arr(var items)) {
            shaped = shaped.with("content", parts ? normal(items) : joined(items));
        }
        if (message.has("tool_calls")) {
            shaped = shaped.with("tool_calls", calls(message.list("tool_calls")));
        }
        return reasoning(shaped);
    }

    /** OpenAI's newer names of the same thing: templates know {@code text} only. */
    private static Json normal(List<Json> items) {
        var parts = new ArrayList<Json>();
        for (var item : items) {
            switch (item) {
                case Json.Str text -> parts.add(Json.Obj.of("type", "text", "text", text));
                case Json.Obj part when part.text("type").orElse("").equals("refusal") ->
                        parts.add(
                                Json.Obj.of(
                                        "type", "text", "text", part.text("refusal").orElse("")));
                case Json.Obj part when part.text("type").orElse("").equals("image_url") ->
                        parts.add(part.with("type", new Json.Str("image")));
                case Json part -> parts.add(part);
            }
        }
        return new Json.Arr(parts);
    }

    private static Json joined(List<Json> items) {
        return new Json.Str(
                items.stream()
                        .map(item ->
                                item instanceof Json.Str(var text)
                                        ? text
                                        : item.text("text").orElse(""))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("\n")));
    }

    /** Arguments travel as the text of an object; templates print the object. */
    private static Json calls(List<Json> calls) {
        var shaped = new ArrayList<Json>();
        for (var call : calls) {
            shaped.add(call instanceof Json.Obj one ? call(one) : call);
        }
        return new Json.Arr(shaped);
    }

    private static Json call(Json.Obj call) {
        var text = call.text("function", "arguments");
        if (text.isEmpty()) {
            return call;
        }
        try {
            var written = text.get().isBlank() ? "{}" : text.get();
            return call.withAt(List.of("function", "arguments"), JsonReader.read(written));
        } catch (JsonReader.MalformedJson _) {
            return call;
        }
    }

    /** Clients send what a model thought under either of two names. */
    private static Json.Obj reasoning(Json.Obj message) {
        var old = message.fields().get("reasoning_content");
        var now = message.fields().get("reasoning");
        if (old == null && now != null) {
            return message.with("reasoning_content", now);
        }
        return old != null && now == null ? message.with("reasoning", old) : message;
    }
}
