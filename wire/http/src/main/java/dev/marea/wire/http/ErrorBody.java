package dev.marea.wire.http;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;

/** The JSON of the door's own refusals, in the dialect that the owner's clients expect. */
@FunctionalInterface
public interface ErrorBody {
    /** {@code {"error": "…"}}, as KServe's V1 and V2 protocols want it. */
    ErrorBody PLAIN = (status, message, path) -> plain(message);

    /**
     * @param path of the refused request, or empty where it could not be read
     */
    byte[] bytes(int status, String message, String path);

    static byte[] plain(String message) {
        return JsonWriter.bytes(Json.Obj.of("error", message));
    }
}
