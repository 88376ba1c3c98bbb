package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;

/** Pairs of texts to be scored; as many left as right ones, or one left for all. */
public record ScoreRequest(String model, List<Pair> pairs, Json.Obj rest) {
    public record Pair(String left, String right) {}

    public ScoreRequest {
        pairs = List.copyOf(pairs);
    }
}
