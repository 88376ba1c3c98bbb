package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;

/** Content blocks as the messages of a chat: a tool's result is a message of its own there. */
final class Blocks {
    private static final int TEXT_CHARS_MAX = 64 << 20;
    private static final int WORD_CHARS_MAX = 512;

    private Blocks() {}

    /** The text of a string, or of a list of text blocks. */
    static String text(Json content, String path, RequestLimits limits) throws InvalidRequest {
        if (content instanceof Json.Str) {
            return Fields.text(content, path, TEXT_CHARS_MAX);
        }
        var text = new StringBuilder();
        var blocks = Fields.list(content, path, limits.partsMax());
        for (int i = 0; i < blocks.size(); i++) {
            var block = Fields.of(blocks.get(i), path + "[" + i + "]");
            var type = block.requiredText("type", WORD_CHARS_MAX);
            if (!type.equals("text")) {
                throw new InvalidRequest(
                        block.path("type"), block.path("type") + " must be text here");
            }
            text.append(text.isEmpty() ? "" : "\n")
                    .append(block.requiredText("text", TEXT_CHARS_MAX));
        }
        return text.toString();
    }

    /** Results of tools come first, for they answer the message before; then what the user says. */
    static List<Json> user(List<Json> blocks, String path, RequestLimits limits)
            throws InvalidRequest {
        var messages = new ArrayList<Json>();
        var parts = new ArrayList<Json>();
        for (int i = 0; i < blocks.size(); i++) {
            var block = Fields.of(blocks.get(i), path + "[" + i + "]");
            var type = block.requiredText("type", WORD_CHARS_MAX);
            switch (type) {
                case "text" ->
                        parts.add(
                                Json.Obj.of(
                                        "type",
                                        "text",
                                        "text",
                                        block.requiredText("text", TEXT_CHARS_MAX)));
                case "image" -> parts.add(image(block));
                case "tool_result" -> messages.add(result(block, limits));
                default ->
                        throw new InvalidRequest(
                                block.path("type"),
                                "%s is '%s'; text, image and tool_result are served"
                                        .formatted(block.path("type"), type));
            }
        }
        if (!parts.isEmpty()) {
            messages.add(Json.Obj.of("role", "user", "content", simplest(parts)));
        }
        return messages;
    }

    /** A single text is a string: every engine's template takes that. */
    private static Json simplest(List<Json> parts) {
        return parts.size() == 1 && parts.getFirst().text("text").isPresent()
                ? new Json.Str(parts.getFirst().text("text").orElseThrow())
                : new Json.Arr(parts);
    }

    private static Json image(Fields block) throws InvalidRequest {
        var source = block.requiredObject("source");
        var type = source.requiredText("type", WORD_CHARS_MAX);
        var url =
                switch (type) {
                    case "base64" ->
                            "data:"
                                    + source.requiredText("media_type", WORD_CHARS_MAX)
                                    + ";base64,"
                                    + source.requiredText("data", TEXT_CHARS_MAX);
                    case "url" -> source.requiredText("url", TEXT_CHARS_MAX);
                    default ->
                            throw new InvalidRequest(
                                    source.path("type"),
                                    source.path("type") + " must be base64 or url");
                };
        return Json.Obj.of("type", "image_url", "image_url", Json.Obj.of("url", url));
    }

    private static Json result(Fields block, RequestLimits limits) throws InvalidRequest {
        var content = block.value("content");
        var text = content.isEmpty() ? "" : text(content.get(), block.path("content"), limits);
        boolean failed = block.flag("is_error", false);
        return Json.Obj.of(
                "role",
                "tool",
                "tool_call_id",
                block.requiredText("tool_use_id", WORD_CHARS_MAX),
                "content",
                failed ? "Error: " + text : text);
    }

    static Json assistant(List<Json> blocks, String path) throws InvalidRequest {
        var text = new StringBuilder();
        var thoughts = new StringBuilder();
        var calls = new ArrayList<Json>();
        for (int i = 0; i < blocks.size(); i++) {
            var block = Fields.of(blocks.get(i), path + "[" + i + "]");
            var type = block.requiredText("type", WORD_CHARS_MAX);
            switch (type) {
                case "text" -> text.append(block.requiredText("text", TEXT_CHARS_MAX));
                case "thinking" -> thoughts.append(block.requiredText("thinking", TEXT_CHARS_MAX));
                case "redacted_thinking" -> {}
                case "tool_use" -> calls.add(call(block));
                default ->
                        throw new InvalidRequest(
                                block.path("type"),
                                "%s is '%s'; text, thinking and tool_use are served"
                                        .formatted(block.path("type"), type));
            }
        }
        var message = Json.Obj.of("role", "assistant", "content", text.toString());
        if (!thoughts.isEmpty()) {
            message = message.with("reasoning_content", new Json.Str(thoughts.toString()));
        }
        return calls.isEmpty() ? message : message.with("tool_calls", new Json.Arr(calls));
    }

    private static Json call(Fields block) throws InvalidRequest {
        return Json.Obj.of(
                "id", block.requiredText("id", WORD_CHARS_MAX),
                "type", "function",
                "function",
                        Json.Obj.of(
                                "name", block.requiredText("name", WORD_CHARS_MAX),
                                "arguments",
                                        JsonWriter.text(block.requiredObject("input").source())));
    }
}
