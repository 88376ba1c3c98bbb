package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.anthropic.AnthropicError;
import dev.marea.wire.llm.openai.ApiError;
import java.time.Duration;
import java.util.Optional;

/**
 * An answer of the gateway's own, mostly a refusal.
 *
 * @param retryAfter told to the client where another try may help
 */
record Answer(
        int status,
        Optional<Reason> reason,
        String message,
        Optional<Duration> retryAfter,
        Optional<ApiError> error,
        Optional<Json> told) {

    private Answer(
            int status, Optional<Reason> reason, String message, Optional<Duration> retryAfter) {
        this(status, reason, message, retryAfter, Optional.empty(), Optional.empty());
    }

    static Answer refuse(Reason reason, String message) {
        return new Answer(reason.httpStatus(), Optional.of(reason), message, Optional.empty());
    }

    /** A refusal in the words of OpenAI's API, which has more of them than a status. */
    static Answer error(ApiError error) {
        return new Answer(
                error.status(),
                Optional.empty(),
                error.message(),
                Optional.empty(),
                Optional.of(error),
                Optional.empty());
    }

    static Answer json(int status, Json told) {
        return new Answer(
                status,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of(told));
    }

    static Answer refuse(Reason reason, String message, Duration retryAfter) {
        return new Answer(
                reason.httpStatus(), Optional.of(reason), message, Optional.of(retryAfter));
    }

    static Answer fine(String message) {
        return new Answer(200, Optional.empty(), message, Optional.empty());
    }

    /** A refusal for which clients need no reason beside its text. */
    static Answer notFound(String message) {
        return new Answer(404, Optional.empty(), message, Optional.empty());
    }

    /** The body in the dialect of the path that was asked for. */
    byte[] body(String path) {
        if (told.isPresent()) {
            return JsonWriter.bytes(told.get());
        }
        if (error.isPresent() && !LanguageApi.isAnthropic(path)) {
            return JsonWriter.bytes(error.get().json());
        }
        return status < 400
                ? JsonWriter.bytes(Json.Obj.of("status", message))
                : json(status, message, path);
    }

    static byte[] json(int status, String message, String path) {
        if (LanguageApi.isAnthropic(path)) {
            return JsonWriter.bytes(AnthropicError.of(status, message).json());
        }
        return JsonWriter.bytes(
                LanguageApi.knows(path)
                        ? ApiError.of(status, message).json()
                        : Json.Obj.of("error", message));
    }
}
