package dev.marea.server.llama.door;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.tools.OutputDelta;
import dev.marea.wire.llm.tools.OutputParser;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads a call that the grammar has forced: one JSON object, whatever the model's family writes of
 * itself. It is told when it is whole.
 */
final class ForcedCall implements OutputParser {
    private final Supplier<String> ids;
    private final StringBuilder text = new StringBuilder();

    ForcedCall(Supplier<String> ids) {
        this.ids = ids;
    }

    @Override
    public List<OutputDelta> feed(String more) {
        text.append(more);
        return List.of();
    }

    /** A call that its limit cut short is no call: what there is of it is shown as text. */
    @Override
    public List<OutputDelta> end() {
        try {
            var call = JsonReader.read(text.toString());
            var name = call.text("name").orElse("");
            var arguments = call.at("arguments").orElse(Json.Obj.EMPTY);
            return List.of(
                    new OutputDelta.CallStart(0, ids.get(), name),
                    new OutputDelta.CallArguments(0, JsonWriter.text(arguments)));
        } catch (JsonReader.MalformedJson _) {
            return text.isEmpty() ? List.of() : List.of(new OutputDelta.Content(text.toString()));
        }
    }
}
