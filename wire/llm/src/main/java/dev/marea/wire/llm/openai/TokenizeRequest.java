package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;

/** A prompt, or messages, to be turned into tokens. */
public record TokenizeRequest(
        String model, Of of, boolean addSpecialTokens, boolean returnTexts, Json.Obj rest) {
    public sealed interface Of {
        record Prompt(String text) implements Of {}

        record Messages(List<Json.Obj> messages, ToolUse tools, boolean generationPrompt)
                implements Of {
            public Messages {
                messages = List.copyOf(messages);
            }
        }
    }
}
