package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A model as {@code /v1/models} lists it; an adapter names its base as {@code parent}. */
public record ModelCard(
        String id, long created, String root, Optional<String> parent, OptionalInt contextMax) {
    public Json.Obj json() {
        return Json.Obj.of(
                "id",
                id,
                "object",
                "model",
                "created",
                created,
                "owned_by",
                "marea",
                "root",
                root,
                "parent",
                parent.map(Json::of).orElse(Json.Null.VALUE),
                "max_model_len",
                contextMax.isPresent() ? contextMax.getAsInt() : Json.Null.VALUE,
                "permission",
                List.of());
    }

    public static Json.Obj list(List<ModelCard> cards) {
        return Json.Obj.of(
                "object", "list", "data", cards.stream().map(card -> (Json) card.json()).toList());
    }
}
