package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;

/** Writes what vLLM's {@code /tokenize} and {@code /detokenize} answer. */
public final class TokenReplies {
    private TokenReplies() {}

    public static Json.Obj tokenized(
            List<Integer> tokens, int contextMax, Optional<List<String>> texts) {
        return Json.Obj.of(
                "count",
                tokens.size(),
                "max_model_len",
                contextMax,
                "tokens",
                tokens,
                "token_strs",
                texts.map(Json::of).orElse(Json.Null.VALUE));
    }

    public static Json.Obj detokenized(String text) {
        return Json.Obj.of("prompt", text);
    }
}
