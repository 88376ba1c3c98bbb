package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code POST /v1/chat/completions}. */
public final class ChatRequests {
    private static final int TEMPLATE_CHARS_MAX = 256 << 10;
    private static final int WORD_CHARS_MAX = 64;

    private ChatRequests() {}

    public static ChatRequest read(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        var messages = Messages.read(fields, limits);
        var tools = ToolReader.read(fields, limits);
        var streaming = CommonFields.streaming(fields);
        CommonFields.bounded(fields, limits);
        if (streaming.stream() && fields.has("prompt_logprobs")) {
            throw new InvalidRequest(
                    "prompt_logprobs", "prompt_logprobs cannot be told in a stream");
        }
        boolean prompt = fields.flag("add_generation_prompt", true);
        boolean resume = fields.flag("continue_final_message", false);
        if (resume && fields.flag("add_generation_prompt", false)) {
            throw new InvalidRequest(
                    "continue_final_message",
                    "continue_final_message and add_generation_prompt exclude each other");
        }
        return new ChatRequest(
                model,
                messages,
                tools,
                ResponseFormats.read(fields),
                CommonFields.sampling(fields, tokensMax(fields, limits), limits),
                streaming,
                CommonFields.choices(fields, limits),
                logprobs(fields, limits),
                prompt && !resume,
                resume,
                template(fields, limits),
                templateArguments(fields),
                CommonFields.rest(fields, "cache_salt", "request_id", "user", "prompt_logprobs"));
    }

    private static OptionalInt tokensMax(Fields fields, RequestLimits limits)
            throws InvalidRequest {
        var old = fields.integer("max_tokens", 1, limits.tokensMax());
        var now = fields.integer("max_completion_tokens", 1, limits.tokensMax());
        return now.isPresent() ? now : old;
    }

    private static OptionalInt logprobs(Fields fields, RequestLimits limits) throws InvalidRequest {
        boolean wanted = fields.flag("logprobs", false);
        int top = fields.integer("top_logprobs", 0, limits.topLogprobsMax()).orElse(0);
        if (top > 0 && !wanted) {
            throw new InvalidRequest("top_logprobs", "top_logprobs needs logprobs: true");
        }
        return wanted ? OptionalInt.of(top) : OptionalInt.empty();
    }

    /** A template is a program; whoever may call a model may not bring one unless it is allowed. */
    private static Optional<String> template(Fields fields, RequestLimits limits)
            throws InvalidRequest {
        var template = fields.text("chat_template", TEMPLATE_CHARS_MAX);
        if (template.isPresent() && !limits.templatesFromRequests()) {
            throw new InvalidRequest(
                    "chat_template",
                    "chat_template is not taken from requests here; the administrator can allow it");
        }
        return template;
    }

    private static Json.Obj templateArguments(Fields fields) throws InvalidRequest {
        var asked = fields.object("chat_template_kwargs");
        var arguments = asked.isEmpty() ? Json.Obj.EMPTY : asked.get().source();
        for (var reserved : new String[] {"chat_template", "tokenize", "messages", "tools"}) {
            if (arguments.has(reserved)) {
                throw new InvalidRequest(
                        "chat_template_kwargs." + reserved,
                        "chat_template_kwargs may not set " + reserved);
            }
        }
        var effort = fields.text("reasoning_effort", WORD_CHARS_MAX);
        if (effort.isPresent() && !arguments.has("reasoning_effort")) {
            arguments = arguments.with("reasoning_effort", new Json.Str(effort.get()));
        }
        return arguments;
    }
}
