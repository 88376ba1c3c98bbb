package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.OptionalInt;

/** Vectors as asked for. The OpenAI SDKs ask for base64 unless told otherwise. */
public record EmbeddingRequest(
        String model, Input input, boolean base64, OptionalInt dimensions, Json.Obj rest) {}
