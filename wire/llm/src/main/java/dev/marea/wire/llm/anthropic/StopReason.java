package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;

/** Why an answer ended, in Anthropic's words. */
final class StopReason {
    private StopReason() {}

    static String of(Json choice) {
        return switch (choice.text("finish_reason").orElse("stop")) {
            case "length" -> "max_tokens";
            case "tool_calls" -> "tool_use";
            case "content_filter" -> "refusal";
            default -> sequence(choice) instanceof Json.Str ? "stop_sequence" : "end_turn";
        };
    }

    /** The stop text, where one ended the answer; a number there is a token of the model's own. */
    static Json sequence(Json choice) {
        return choice.text("stop_reason").<Json>map(Json.Str::new).orElse(Json.Null.VALUE);
    }
}
