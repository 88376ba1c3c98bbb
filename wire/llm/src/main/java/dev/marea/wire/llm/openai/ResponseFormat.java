package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;

/** What the text of the answer must look like. */
public sealed interface ResponseFormat {
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record JsonObject() implements ResponseFormat {}

    record JsonSchema(String name, Json schema, boolean strict) implements ResponseFormat {}

    record Choice(List<String> texts) implements ResponseFormat {
        public Choice {
            texts = List.copyOf(texts);
        }
    }

    record Regex(String pattern) implements ResponseFormat {}

    /** A grammar in GBNF. */
    record Grammar(String gbnf) implements ResponseFormat {}
}
