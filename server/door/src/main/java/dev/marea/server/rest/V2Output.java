package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.Classification;
import dev.marea.wire.json.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An output that a request asks for. */
record V2Output(String name, V2Parameters parameters) {
    /** Reads one entry of {@code outputs}; the parser stands on its opening brace. */
    static V2Output read(JsonParser json, String where) throws IOException, Refused {
        String name = null;
        var parameters = V2Parameters.NONE;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = JsonBody.text(json, where + ".name");
                case "parameters" -> parameters = V2Parameters.read(json, where + ".parameters");
                default -> json.skipChildren();
            }
        }
        return new V2Output(named(name, where), parameters);
    }

    private static String named(@Nullable String name, String where) throws Refused {
        if (name == null) {
            throw Refused.badInput("'" + where + ".name' is missing");
        }
        return name;
    }

    /** The output as it is wanted: itself, or its highest values. */
    Tensor of(Tensor output) throws Refused {
        var count = parameters.values().at(V2Parameters.CLASSES);
        if (count.isEmpty()) {
            return output;
        }
        if (!(count.get() instanceof Json.Int(var classes))
                || classes < 1
                || classes > Integer.MAX_VALUE) {
            throw Refused.badInput(
                    "output '%s' has the classification %s; it must be a number of classes"
                            .formatted(name, count.get()));
        }
        return Classification.top(output, (int) classes);
    }

    boolean isBinary(boolean usually) {
        return parameters.has(V2Parameters.BINARY) ? parameters.flag(V2Parameters.BINARY) : usually;
    }
}
