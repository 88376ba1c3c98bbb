package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Refused;
import dev.marea.server.llama.talk.News;
import dev.marea.wire.llm.openai.ApiError;
import java.util.Optional;

/** A request that gets an error for its answer. */
final class ApiTrouble extends Exception {
    private static final long serialVersionUID = 1;
    private static final String TOO_LONG = "context_length_exceeded";

    private final transient ApiError error;

    ApiTrouble(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    static ApiTrouble badRequest(String message, String field) {
        return new ApiTrouble(
                new ApiError(
                        400, "BadRequestError", message, Optional.of(field), Optional.empty()));
    }

    static ApiTrouble of(Refused refused) {
        return new ApiTrouble(error(refused.why(), refused.message()));
    }

    static ApiError error(News.Why why, String message) {
        return switch (why) {
            case BAD_REQUEST -> ApiError.of(400, message);
            case TOO_LONG ->
                    new ApiError(
                            400,
                            "BadRequestError",
                            message,
                            Optional.of("messages"),
                            Optional.of(TOO_LONG));
            case BUSY -> ApiError.of(503, message);
            case ENGINE -> ApiError.of(500, message);
        };
    }

    ApiError error() {
        return error;
    }
}
