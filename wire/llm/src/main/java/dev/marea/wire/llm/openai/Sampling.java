package dev.marea.wire.llm.openai;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the next token is chosen and when to stop. What is absent is the engine's to choose (a
 * model's own generation settings, else a neutral value).
 */
public record Sampling(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalDouble presencePenalty,
        OptionalDouble frequencyPenalty,
        OptionalDouble repetitionPenalty,
        OptionalLong seed,
        Map<Integer, Double> logitBias,
        OptionalInt tokensMax,
        int tokensMin,
        boolean ignoreEnd,
        List<String> stop) {
    public Sampling {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
    }
}
