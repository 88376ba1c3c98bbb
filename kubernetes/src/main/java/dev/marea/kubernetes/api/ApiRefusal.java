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

    /**
     * Whether trying again is of no use: the object itself is refused, by schema or by a webhook.
     */
    public boolean invalid() {
        return code == 400
                || code == 422
                || (code == 403 && String.valueOf(getMessage()).contains("denied the request"));
    }

    public boolean conflict() {
        return code == 409;
    }
}
