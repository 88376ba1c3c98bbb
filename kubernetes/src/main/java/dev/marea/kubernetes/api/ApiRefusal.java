package dev.marea.kubernetes.api;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API answered, and the answer was no; the message is the API's own. */
public final class ApiRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private static final long RETRY_AFTER_MAX = 60;
    private static final String BY_A_WEBHOOK = "denied the request";

    private final int code;
    private final long retryAfterSeconds;

    ApiRefusal(String what, int code, long retryAfterSeconds, Json answer) {
        super("%s: %s".formatted(what, answer.text("message").orElse("the API answered " + code)));
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
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
                || (code == 403 && String.valueOf(getMessage()).contains(BY_A_WEBHOOK));
    }

    /** Whether a right is lacking, or a quota used up: it may come, but not by trying. */
    public boolean forbidden() {
        return code == 403 && !invalid();
    }

    /** How long the API asked us to wait; it may ask for a minute at most. */
    public Optional<Duration> retryAfter() {
        return retryAfterSeconds <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Math.min(retryAfterSeconds, RETRY_AFTER_MAX)));
    }

    public boolean conflict() {
        return code == 409;
    }
}
