package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * Input items as messages: calls and thoughts, which stand alone there, belong to the assistant's
 * message here.
 */
final class InputItems {
    private static final int TEXT_CHARS_MAX = 64 << 20;
    private static final int WORD_CHARS_MAX = 512;

    private final RequestLimits limits;
    private final List<Json> calls = new ArrayList<>();
    private String thoughts = "";
    private String said = "";

    InputItems(RequestLimits limits) {
        this.limits = limits;
    }

    void read(List<Json> items, List<Json> messages) throws InvalidRequest {
        for (int i = 0; i < items.size(); i++) {
            var item = Fields.of(items.get(i), "input[" + i + "]");
            var type = item.text("type", WORD_CHARS_MAX).orElse("message");
            switch (type) {
                case "message" -> message(item, messages);
                case "function_call" -> calls.add(call(item));
                case "function_call_output" -> output(item, messages);
                case "reasoning" -> {
                    flush(messages);
                    thoughts = thoughts(item);
                }
                default ->
                        throw new InvalidRequest(
                                item.path("type"),
                                "%s is '%s'; message, function_call, function_call_output and reasoning are served"
                                        .formatted(item.path("type"), type));
            }
        }
        flush(messages);
    }

    private void message(Fields item, List<Json> messages) throws InvalidRequest {
        var role = item.requiredText("role", WORD_CHARS_MAX);
        var content = content(item, role);
        if (role.equals("assistant")) {
            if (!calls.isEmpty() || !said.isEmpty()) {
                flush(messages);
            }
            said = content instanceof Json.Str(var text) ? text : "";
            return;
        }
        flush(messages);
        messages.add(
                Json.Obj.of(
                        "role", role.equals("developer") ? "system" : role, "content", content));
    }

    private Json content(Fields item, String role) throws InvalidRequest {
        var content = item.required("content");
        if (content instanceof Json.Str) {
            return content;
        }
        var parts = new ArrayList<Json>();
        var text = new StringBuilder();
        var path = item.path("content");
        for (var one : Fields.list(content, path, limits.partsMax())) {
            var part = Fields.of(one, path + "[" + parts.size() + "]");
            var type = part.requiredText("type", WORD_CHARS_MAX);
            switch (type) {
                case "input_text", "output_text", "text" -> {
                    var piece = part.requiredText("text", TEXT_CHARS_MAX);
                    text.append(piece);
                    parts.add(Json.Obj.of("type", "text", "text", piece));
                }
                case "refusal" -> {
                    var piece = part.requiredText("refusal", TEXT_CHARS_MAX);
                    text.append(piece);
                    parts.add(Json.Obj.of("type", "text", "text", piece));
                }
                case "input_image" ->
                        parts.add(
                                Json.Obj.of(
                                        "type",
                                        "image_url",
                                        "image_url",
                                        Json.Obj.of(
                                                "url",
                                                part.requiredText("image_url", TEXT_CHARS_MAX))));
                default ->
                        throw new InvalidRequest(
                                part.path("type"),
                                "%s is '%s'; input_text, output_text and input_image are served"
                                        .formatted(part.path("type"), type));
            }
        }
        boolean one = parts.size() == 1 && parts.getFirst().text("text").isPresent();
        return one || role.equals("assistant")
                ? new Json.Str(text.toString())
                : new Json.Arr(parts);
    }

    private static Json call(Fields item) throws InvalidRequest {
        return Json.Obj.of(
                "id", item.requiredText("call_id", WORD_CHARS_MAX),
                "type", "function",
                "function",
                        Json.Obj.of(
                                "name", item.requiredText("name", WORD_CHARS_MAX),
                                "arguments", item.requiredText("arguments", TEXT_CHARS_MAX)));
    }

    private void output(Fields item, List<Json> messages) throws InvalidRequest {
        flush(messages);
        var output = item.required("output");
        messages.add(
                Json.Obj.of(
                        "role",
                        "tool",
                        "tool_call_id",
                        item.requiredText("call_id", WORD_CHARS_MAX),
                        "content",
                        output instanceof Json.Str ? output : new Json.Str(output.toString())));
    }

    private static String thoughts(Fields item) throws InvalidRequest {
        var text = new StringBuilder();
        for (var name : List.of("content", "summary")) {
            for (var part : item.list(name, 1_000)) {
                if (text.isEmpty() || name.equals("content")) {
                    text.append(part.text("text").orElse(""));
                }
            }
        }
        return text.toString();
    }

    private void flush(List<Json> messages) {
        if (said.isEmpty() && calls.isEmpty()) {
            return;
        }
        var message = Json.Obj.of("role", "assistant", "content", said);
        if (!thoughts.isEmpty()) {
            message = message.with("reasoning_content", new Json.Str(thoughts));
        }
        if (!calls.isEmpty()) {
            message = message.with("tool_calls", new Json.Arr(calls));
        }
        messages.add(message);
        said = "";
        thoughts = "";
        calls.clear();
    }
}
