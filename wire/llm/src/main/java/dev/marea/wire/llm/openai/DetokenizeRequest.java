package dev.marea.wire.llm.openai;

import java.util.List;

/** Tokens to be turned into text. */
public record DetokenizeRequest(String model, List<Integer> tokens) {
    public DetokenizeRequest {
        tokens = List.copyOf(tokens);
    }
}
