package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;

/** An error as Anthropic's clients read it: the type is what they act on. */
public record AnthropicError(int status, String type, String message) {
    public static AnthropicError of(int status, String message) {
        var type =
                switch (status) {
                    case 400, 405, 415, 422 -> "invalid_request_error";
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 404 -> "not_found_error";
                    case 413 -> "request_too_large";
                    case 429 -> "rate_limit_error";
                    case 503, 529 -> "overloaded_error";
                    case 504 -> "timeout_error";
                    default -> status < 500 ? "invalid_request_error" : "api_error";
                };
        return new AnthropicError(status, type, message);
    }

    public Json.Obj json() {
        return Json.Obj.of("type", "error", "error", Json.Obj.of("type", type, "message", message));
    }
}
