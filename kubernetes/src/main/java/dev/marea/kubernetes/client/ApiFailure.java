package dev.marea.kubernetes.client;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;

/** The API said no; the message is the API's own. */
final class ApiFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    ApiFailure(int code, String message) {
        super(message);
        this.code = code;
    }

    static ApiFailure unknownKind(String kind, String apiVersion) {
        return new ApiFailure(404, "no kind %s in %s is served here".formatted(kind, apiVersion));
    }

    static ApiFailure of(int code, String answer) {
        try {
            return of(code, JsonReader.read(answer));
        } catch (JsonReader.MalformedJson plain) {
            return new ApiFailure(code, answer);
        }
    }

    static ApiFailure of(int code, Json answer) {
        return new ApiFailure(code, answer.text("message").orElse("the API answered " + code));
    }

    int code() {
        return code;
    }
}
