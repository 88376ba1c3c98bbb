package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.InvalidRequest;
import java.util.Optional;

/**
 * An error as OpenAI's clients read it. The code is a word where programs act on one, else the
 * status as a number, as vLLM writes it.
 */
public record ApiError(
        int status, String type, String message, Optional<String> param, Optional<String> code) {

    public static ApiError badRequest(InvalidRequest bad) {
        return new ApiError(400, "BadRequestError", text(bad), bad.field(), bad.code());
    }

    private static String text(InvalidRequest bad) {
        return String.valueOf(bad.getMessage());
    }

    public static ApiError noSuchModel(String model) {
        return new ApiError(
                404,
                "NotFoundError",
                "The model `" + model + "` does not exist.",
                Optional.of("model"),
                Optional.of("model_not_found"));
    }

    /** What a status means in OpenAI's words; for every refusal that has no better word. */
    public static ApiError of(int status, String message) {
        return new ApiError(status, type(status), message, Optional.empty(), code(status));
    }

    private static String type(int status) {
        return switch (status) {
            case 400, 413, 415, 422 -> "BadRequestError";
            case 401 -> "AuthenticationError";
            case 403 -> "PermissionDeniedError";
            case 404 -> "NotFoundError";
            case 405 -> "MethodNotAllowedError";
            case 408 -> "TimeoutError";
            case 429 -> "rate_limit_error";
            case 501 -> "NotImplementedError";
            case 503 -> "ServiceUnavailableError";
            case 504 -> "TimeoutError";
            default -> status < 500 ? "BadRequestError" : "InternalServerError";
        };
    }

    private static Optional<String> code(int status) {
        return switch (status) {
            case 401 -> Optional.of("invalid_api_key");
            case 429 -> Optional.of("rate_limit_exceeded");
            default -> Optional.empty();
        };
    }

    public Json.Obj json() {
        return Json.Obj.of(
                "error",
                Json.Obj.of(
                        "message",
                        message,
                        "type",
                        type,
                        "param",
                        param.map(Json::of).orElse(Json.Null.VALUE),
                        "code",
                        code.map(Json::of).orElse(new Json.Int(status))));
    }
}
