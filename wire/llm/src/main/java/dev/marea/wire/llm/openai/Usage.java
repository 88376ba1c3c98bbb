package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;

/** Tokens read and written; {@code cached} of the prompt's were not computed again. */
public record Usage(long prompt, long completion, long cached, long reasoning) {
    public static Usage of(long prompt, long completion) {
        return new Usage(prompt, completion, 0, 0);
    }

    public Json.Obj json() {
        var usage =
                Json.Obj.of(
                        "prompt_tokens",
                        prompt,
                        "completion_tokens",
                        completion,
                        "total_tokens",
                        prompt + completion,
                        "prompt_tokens_details",
                        Json.Obj.of("cached_tokens", cached));
        return reasoning == 0
                ? usage
                : usage.with(
                        "completion_tokens_details", Json.Obj.of("reasoning_tokens", reasoning));
    }

    public static Usage read(Json usage) {
        return new Usage(
                usage.integer("prompt_tokens").orElse(0),
                usage.integer("completion_tokens").orElse(0),
                usage.integer("prompt_tokens_details", "cached_tokens").orElse(0),
                usage.integer("completion_tokens_details", "reasoning_tokens").orElse(0));
    }
}
