package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.OptionalInt;

/** Documents to be put in the order of their relevance to a query. */
public record RerankRequest(
        String model,
        String query,
        List<String> documents,
        OptionalInt top,
        boolean returnDocuments,
        Json.Obj rest) {
    public RerankRequest {
        documents = List.copyOf(documents);
    }
}
