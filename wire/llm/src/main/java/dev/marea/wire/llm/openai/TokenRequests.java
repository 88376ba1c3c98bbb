package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;

/** Reads vLLM's {@code /tokenize} and {@code /detokenize}. */
public final class TokenRequests {
    private TokenRequests() {}

    public static TokenizeRequest tokenize(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        boolean messages = fields.has("messages");
        // A chat template writes the special tokens itself; a bare prompt has none.
        boolean special = fields.flag("add_special_tokens", !messages);
        boolean texts = fields.flag("return_token_strs", false);
        var of = messages ? messages(fields, limits) : prompt(fields);
        return new TokenizeRequest(model, of, special, texts, fields.rest());
    }

    private static TokenizeRequest.Of prompt(Fields fields) throws InvalidRequest {
        return new TokenizeRequest.Of.Prompt(
                fields.requiredText("prompt", CommonFields.TEXT_CHARS_MAX));
    }

    private static TokenizeRequest.Of messages(Fields fields, RequestLimits limits)
            throws InvalidRequest {
        return new TokenizeRequest.Of.Messages(
                Messages.read(fields, limits),
                ToolReader.read(fields, limits),
                fields.flag("add_generation_prompt", true));
    }

    public static DetokenizeRequest detokenize(Json body) throws InvalidRequest {
        var fields = Fields.of(body, "");
        return new DetokenizeRequest(
                CommonFields.model(fields), Inputs.tokens(fields.required("tokens"), "tokens"));
    }
}
