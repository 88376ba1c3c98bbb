package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;

/** Checks the messages of a chat without changing them. */
final class Messages {
    private static final int ROLE_CHARS_MAX = 64;
    private static final int ID_CHARS_MAX = 512;

    private Messages() {}

    static List<Json.Obj> read(Fields body, RequestLimits limits) throws InvalidRequest {
        var written = Fields.list(body.required("messages"), "messages", limits.messagesMax());
        if (written.isEmpty()) {
            throw new InvalidRequest("messages", "messages must not be empty");
        }
        var messages = new ArrayList<Json.Obj>();
        for (var one : written) {
            var fields = Fields.of(one, "messages[" + messages.size() + "]");
            check(fields, limits);
            messages.add(fields.source());
        }
        return messages;
    }

    private static void check(Fields message, RequestLimits limits) throws InvalidRequest {
        var role = message.requiredText("role", ROLE_CHARS_MAX);
        boolean calls = toolCalls(message, limits);
        var content = message.value("content");
        if (content.isPresent()) {
            content(content.get(), message.path("content"), limits);
        } else if (!role.equals("assistant")) {
            throw new InvalidRequest(
                    message.path("content"), message.path("content") + " is required");
        } else if (!calls
                && !message.has("reasoning_content")
                && !message.has("reasoning")
                && !message.has("function_call")
                && !message.has("refusal")
                && !message.has("audio")) {
            throw new InvalidRequest(
                    message.path("content"),
                    message.path("content") + " is required, or tool_calls instead");
        }
        message.text("tool_call_id", ID_CHARS_MAX);
    }

    private static boolean toolCalls(Fields message, RequestLimits limits) throws InvalidRequest {
        var calls = message.list("tool_calls", limits.toolsMax());
        for (int i = 0; i < calls.size(); i++) {
            var function =
                    Fields.of(calls.get(i), message.path("tool_calls") + "[" + i + "]")
                            .requiredObject("function");
            function.requiredText("name", ID_CHARS_MAX);
            var arguments = function.value("arguments");
            if (arguments.isPresent()
                    && !(arguments.get() instanceof Json.Str)
                    && !(arguments.get() instanceof Json.Obj)) {
                throw new InvalidRequest(
                        function.path("arguments"),
                        function.path("arguments") + " must be a string of JSON");
            }
        }
        return !calls.isEmpty();
    }

    private static void content(Json content, String path, RequestLimits limits)
            throws InvalidRequest {
        if (content instanceof Json.Str) {
            return;
        }
        if (!(content instanceof Json.Arr)) {
            throw new InvalidRequest(path, path + " must be a string or a list of parts");
        }
        var parts = Fields.list(content, path, limits.partsMax());
        for (int i = 0; i < parts.size(); i++) {
            part(parts.get(i), path + "[" + i + "]");
        }
    }

    private static void part(Json part, String path) throws InvalidRequest {
        if (part instanceof Json.Str) {
            return;
        }
        var fields = Fields.of(part, path);
        var type = fields.requiredText("type", ROLE_CHARS_MAX);
        if (type.equals("text")) {
            fields.requiredText("text", CommonFields.TEXT_CHARS_MAX);
        }
    }
}
