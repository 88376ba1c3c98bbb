package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's {@code POST /v1/responses} as the chat completion that asks an engine for the same.
 * Nothing is stored here, therefore nothing earlier can be referred to.
 */
public record ResponsesRequest(String model, boolean stream, Json.Obj chat, Json.Obj asked) {
    private static final int MODEL_CHARS_MAX = 512;
    private static final int TEXT_CHARS_MAX = 64 << 20;
    private static final int WORD_CHARS_MAX = 256;

    public static ResponsesRequest read(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = fields.text("model", MODEL_CHARS_MAX).orElse("");
        refuseState(fields);
        var chat = new LinkedHashMap<String, Json>();
        chat.put("model", new Json.Str(model));
        chat.put("messages", messages(fields, limits));
        boolean stream = fields.flag("stream", false);
        if (stream) {
            chat.put("stream", new Json.Bool(true));
            chat.put("stream_options", Json.Obj.of("include_usage", true));
        }
        fields.integer("max_output_tokens", 1, limits.tokensMax())
                .ifPresent(n -> chat.put("max_tokens", new Json.Int(n)));
        fields.number("temperature", 0, 2).ifPresent(t -> chat.put("temperature", Json.of(t)));
        fields.number("top_p", 0, 1).ifPresent(p -> chat.put("top_p", Json.of(p)));
        logprobs(fields, limits, chat);
        format(fields, chat);
        ResponseTools.convert(fields, limits, chat);
        var reasoning = fields.object("reasoning");
        if (reasoning.isPresent()) {
            reasoning
                    .get()
                    .text("effort", WORD_CHARS_MAX)
                    .ifPresent(effort -> chat.put("reasoning_effort", new Json.Str(effort)));
        }
        chat.putAll(rest(fields).fields());
        return new ResponsesRequest(model, stream, new Json.Obj(chat), fields.source());
    }

    private static void refuseState(Fields fields) throws InvalidRequest {
        for (var name : List.of("previous_response_id", "conversation", "prompt")) {
            if (fields.has(name)) {
                throw new InvalidRequest(
                        name,
                        name
                                + " is not served: no responses are stored here; send the whole input");
            }
        }
        if (fields.flag("background", false)) {
            throw new InvalidRequest(
                    "background", "background is not served; use stream: true or a batch");
        }
    }

    private static Json.Obj rest(Fields fields) {
        for (var ours :
                List.of(
                        "store",
                        "metadata",
                        "include",
                        "truncation",
                        "service_tier",
                        "safety_identifier",
                        "prompt_cache_key",
                        "max_tool_calls",
                        "stream_options")) {
            fields.value(ours);
        }
        return fields.rest();
    }

    private static void logprobs(Fields fields, RequestLimits limits, Map<String, Json> chat)
            throws InvalidRequest {
        var top = fields.integer("top_logprobs", 0, limits.topLogprobsMax());
        if (top.orElse(0) > 0) {
            chat.put("logprobs", new Json.Bool(true));
            chat.put("top_logprobs", new Json.Int(top.getAsInt()));
        }
    }

    private static void format(Fields fields, Map<String, Json> chat) throws InvalidRequest {
        var text = fields.object("text");
        if (text.isEmpty()) {
            return;
        }
        var format = text.get().object("format");
        if (format.isEmpty()) {
            return;
        }
        var type = format.get().requiredText("type", WORD_CHARS_MAX);
        if (type.equals("json_schema")) {
            var schema = format.get().source().without("type");
            chat.put("response_format", Json.Obj.of("type", "json_schema", "json_schema", schema));
        } else if (type.equals("json_object")) {
            chat.put("response_format", Json.Obj.of("type", "json_object"));
        } else if (!type.equals("text")) {
            throw new InvalidRequest(
                    "text.format.type",
                    "text.format.type is '%s'; text, json_object and json_schema are served"
                            .formatted(type));
        }
    }

    private static Json messages(Fields fields, RequestLimits limits) throws InvalidRequest {
        var messages = new ArrayList<Json>();
        fields.text("instructions", TEXT_CHARS_MAX)
                .ifPresent(text -> messages.add(Json.Obj.of("role", "system", "content", text)));
        var input = fields.required("input");
        if (input instanceof Json.Str) {
            messages.add(Json.Obj.of("role", "user", "content", input));
        } else {
            var items = Fields.list(input, "input", limits.messagesMax());
            if (items.isEmpty()) {
                throw new InvalidRequest("input", "input must not be empty");
            }
            new InputItems(limits).read(items, messages);
        }
        return new Json.Arr(messages);
    }
}
