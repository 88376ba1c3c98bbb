package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.OptionalInt;

/** A plain completion as asked for; each prompt gets {@code choices} answers. */
public record CompletionRequest(
        String model,
        Input prompts,
        String suffix,
        boolean echo,
        ResponseFormat format,
        Sampling sampling,
        Streaming streaming,
        int choices,
        OptionalInt logprobs,
        Json.Obj rest) {}
