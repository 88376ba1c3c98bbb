package dev.marea.kubernetes.api;

import dev.marea.wire.json.Json;
import java.io.IOException;

/** The API answered, and the answer was no; the message is the API's own. */
public final class ApiRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int code;

    ApiRefusal(String what, int code, Json answer) {
        super("%s: %s".formatted(what, answer.text("message").orElse("the API answered " + code)));
        this.code = code;
    }

    public int code() {
        return code;
    }

    public boolean notFound() {
        return code == 404;
    }

    public boolean conflict() {
        return code == 409;
    }
}
