package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Anthropic's {@code POST /v1/messages} as the chat completion that asks an engine for the same.
 * Fields that nobody knows go along.
 */
public record MessagesRequest(String model, boolean stream, Json.Obj chat) {
    private static final int MODEL_CHARS_MAX = 512;
    private static final int TEXT_CHARS_MAX = 64 << 20;
    private static final int WORD_CHARS_MAX = 256;

    public static MessagesRequest read(Json body, RequestLimits limits) throws InvalidRequest {
        return read(body, limits, true);
    }

    /** {@code /v1/messages/count_tokens} asks for no answer, and names no length of one. */
    public static MessagesRequest readForCount(Json body, RequestLimits limits)
            throws InvalidRequest {
        return read(body, limits, false);
    }

    private static MessagesRequest read(Json body, RequestLimits limits, boolean answer)
            throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = fields.requiredText("model", MODEL_CHARS_MAX);
        var chat = new LinkedHashMap<String, Json>();
        chat.put("model", new Json.Str(model));
        chat.put("messages", messages(fields, limits));
        boolean stream = fields.flag("stream", false);
        if (answer) {
            answer(fields, limits, stream, chat);
        }
        new ToolFields(fields, limits).convert(chat);
        thinking(fields, chat);
        fields.value("metadata");
        fields.value("service_tier");
        chat.putAll(fields.rest().fields());
        return new MessagesRequest(model, stream, new Json.Obj(chat));
    }

    private static void answer(
            Fields fields, RequestLimits limits, boolean stream, Map<String, Json> chat)
            throws InvalidRequest {
        fields.required("max_tokens");
        int tokens = fields.integer("max_tokens", 1, limits.tokensMax()).orElseThrow();
        chat.put("max_tokens", new Json.Int(tokens));
        if (stream) {
            chat.put("stream", new Json.Bool(true));
            chat.put("stream_options", Json.Obj.of("include_usage", true));
        }
        fields.number("temperature", 0, 1).ifPresent(t -> chat.put("temperature", Json.of(t)));
        fields.number("top_p", 0, 1).ifPresent(p -> chat.put("top_p", Json.of(p)));
        fields.integer("top_k", 0, 1 << 20).ifPresent(k -> chat.put("top_k", Json.of(k)));
        var stops = fields.texts("stop_sequences", limits.stopsMax(), limits.stopCharsMax());
        if (!stops.isEmpty()) {
            chat.put("stop", Json.of(stops));
        }
    }

    private static Json messages(Fields fields, RequestLimits limits) throws InvalidRequest {
        var messages = new ArrayList<Json>();
        var system = fields.value("system");
        if (system.isPresent()) {
            var text = Blocks.text(system.get(), "system", limits);
            if (!text.isEmpty()) {
                messages.add(Json.Obj.of("role", "system", "content", text));
            }
        }
        var written = Fields.list(fields.required("messages"), "messages", limits.messagesMax());
        if (written.isEmpty()) {
            throw new InvalidRequest("messages", "messages must not be empty");
        }
        for (int i = 0; i < written.size(); i++) {
            messages.addAll(message(Fields.of(written.get(i), "messages[" + i + "]"), limits));
        }
        return new Json.Arr(messages);
    }

    private static List<Json> message(Fields message, RequestLimits limits) throws InvalidRequest {
        var role = message.requiredText("role", WORD_CHARS_MAX);
        var content = message.required("content");
        var path = message.path("content");
        if (content instanceof Json.Str) {
            Fields.text(content, path, TEXT_CHARS_MAX);
            return List.of(Json.Obj.of("role", role(role, message), "content", content));
        }
        var blocks = Fields.list(content, path, limits.partsMax());
        return switch (role) {
            case "user" -> Blocks.user(blocks, path, limits);
            case "assistant" -> List.of(Blocks.assistant(blocks, path));
            default ->
                    List.of(
                            Json.Obj.of(
                                    "role",
                                    role(role, message),
                                    "content",
                                    Blocks.text(content, path, limits)));
        };
    }

    private static String role(String role, Fields message) throws InvalidRequest {
        return switch (role) {
            case "user", "assistant", "system" -> role;
            default ->
                    throw new InvalidRequest(
                            message.path("role"),
                            "%s is '%s'; user and assistant are served"
                                    .formatted(message.path("role"), role));
        };
    }

    private static void thinking(Fields fields, Map<String, Json> chat) throws InvalidRequest {
        var thinking = fields.object("thinking");
        if (thinking.isEmpty()) {
            return;
        }
        var type = thinking.get().requiredText("type", WORD_CHARS_MAX);
        boolean enabled = !type.equals("disabled");
        chat.put("chat_template_kwargs", Json.Obj.of("enable_thinking", enabled));
    }
}
