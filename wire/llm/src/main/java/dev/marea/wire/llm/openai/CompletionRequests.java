package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;

/** Reads {@code POST /v1/completions}. */
public final class CompletionRequests {
    private static final int TOKENS_DEFAULT = 16;

    private CompletionRequests() {}

    public static CompletionRequest read(Json body, RequestLimits limits) throws InvalidRequest {
        var fields = Fields.of(body, "");
        var model = CommonFields.model(fields);
        var prompts = Inputs.read(fields.required("prompt"), "prompt", limits);
        var streaming = CommonFields.streaming(fields);
        CommonFields.bounded(fields, limits);
        // OpenAI's own default: a completion that names no length gets sixteen tokens.
        int tokensMax = fields.integer("max_tokens", 0, limits.tokensMax()).orElse(TOKENS_DEFAULT);
        return new CompletionRequest(
                model,
                prompts,
                fields.text("suffix", CommonFields.TEXT_CHARS_MAX).orElse(""),
                fields.flag("echo", false),
                ResponseFormats.read(fields),
                CommonFields.sampling(fields, java.util.OptionalInt.of(tokensMax), limits),
                streaming,
                CommonFields.choices(fields, limits),
                fields.integer("logprobs", 0, limits.topLogprobsMax()),
                CommonFields.rest(fields, "cache_salt", "request_id", "user", "prompt_logprobs"));
    }
}
