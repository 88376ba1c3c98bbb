package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A chat completion as asked for. Messages stay the objects that the client wrote (checked, not
 * changed), because chat templates read fields that no list names; {@code rest} holds every field
 * of the body that we do not know.
 *
 * @param logprobs how many alternatives to tell for each token; absent: no log probabilities
 * @param template the request's own chat template, where the administrator allows one
 * @param templateArguments what the template gets besides messages and tools
 */
public record ChatRequest(
        String model,
        List<Json.Obj> messages,
        ToolUse tools,
        ResponseFormat format,
        Sampling sampling,
        Streaming streaming,
        int choices,
        OptionalInt logprobs,
        boolean generationPrompt,
        boolean continueFinal,
        Optional<String> template,
        Json.Obj templateArguments,
        Json.Obj rest) {
    public ChatRequest {
        messages = List.copyOf(messages);
    }
}
