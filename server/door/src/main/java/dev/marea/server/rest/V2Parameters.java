package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * The {@code parameters} of a request, of one of its inputs or of one of its outputs: names to
 * plain values.
 */
record V2Parameters(Json.Obj values) {
    static final V2Parameters NONE = new V2Parameters(Json.Obj.EMPTY);

    static final String CONTENT_TYPE = "content_type";
    static final String BINARY_SIZE = "binary_data_size";
    static final String BINARY = "binary_data";
    static final String BINARY_OUTPUT = "binary_data_output";
    static final String CLASSES = "classification";
    static final String TIMEOUT = "timeout";

    private static final int MOST = 64;

    /** What servers take for themselves; the rest is the caller's own and goes back to it. */
    private static final Set<String> RESERVED =
            Set.of(
                    CONTENT_TYPE,
                    BINARY_OUTPUT,
                    TIMEOUT,
                    "priority",
                    "headers",
                    "sequence_id",
                    "sequence_start",
                    "sequence_end");

    /** Reads the object, or null, on which the parser stands. */
    static V2Parameters read(JsonParser json, String field) throws IOException, Refused {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return NONE;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Refused.badInput("'" + field + "' must be an object");
        }
        var values = new LinkedHashMap<String, Json>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var name = json.currentName();
            json.nextToken();
            if (values.size() == MOST) {
                throw Refused.badInput("'%s' has more than %d entries".formatted(field, MOST));
            }
            if (name.startsWith("shared_memory")) {
                throw Refused.badInput(
                        "'%s' asks for shared memory, which this server does not have; send JSON or binary data"
                                .formatted(field));
            }
            values.put(name, JsonReader.value(json));
        }
        return values.isEmpty() ? NONE : new V2Parameters(new Json.Obj(values));
    }

    String contentType() {
        return values.text(CONTENT_TYPE).orElse("");
    }

    boolean has(String name) {
        return values.has(name);
    }

    boolean flag(String name) {
        return values.flag(name);
    }

    /** The caller's own. */
    Json.Obj echoed() {
        if (values.isEmpty()) {
            return values;
        }
        var own = new LinkedHashMap<String, Json>();
        values.fields()
                .forEach((name, value) -> {
                    if (!RESERVED.contains(name) && !name.startsWith("triton_")) {
                        own.put(name, value);
                    }
                });
        return own.isEmpty() ? Json.Obj.EMPTY : new Json.Obj(own);
    }
}
