package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * An answer of the gateway's own, mostly a refusal.
 *
 * @param retryAfter told to the client where another try may help
 */
record Answer(int status, Optional<Reason> reason, String message, Optional<Duration> retryAfter) {

    static Answer refuse(Reason reason, String message) {
        return new Answer(reason.httpStatus(), Optional.of(reason), message, Optional.empty());
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
        return status < 400
                ? JsonWriter.bytes(Json.Obj.of("status", message))
                : json(status, message, path);
    }

    static byte[] json(int status, String message, String path) {
        return JsonWriter.bytes(
                speaksOpenAi(path)
                        ? Json.Obj.of("error", openAiError(status, message))
                        : Json.Obj.of("error", message));
    }

    private static Json openAiError(int status, String message) {
        return Json.Obj.of("message", message, "type", type(status))
                .with("param", new Json.Null())
                .with("code", Json.of(Integer.toString(status)));
    }

    private static String type(int status) {
        return switch (status) {
            case 404 -> "NotFoundError";
            case 503 -> "ServiceUnavailableError";
            case 504 -> "TimeoutError";
            default -> status < 500 ? "BadRequestError" : "InternalServerError";
        };
    }

    private static boolean speaksOpenAi(String path) {
        return path.startsWith("/openai")
                || path.startsWith("/v1/chat")
                || path.startsWith("/v1/completions")
                || path.startsWith("/v1/embeddings");
    }
}
