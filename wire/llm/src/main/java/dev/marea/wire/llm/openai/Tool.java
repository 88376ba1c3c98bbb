package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;

/** A function that the model may call; {@code source} is the tool as the client wrote it. */
public record Tool(
        String name, String description, Json parameters, boolean strict, Json.Obj source) {}
