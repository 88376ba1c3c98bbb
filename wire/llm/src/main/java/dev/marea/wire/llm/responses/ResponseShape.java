package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.Usage;
import java.util.List;
import java.util.Optional;

/** The response object, which tells back what was asked for beside what came of it. */
record ResponseShape(String id, long created, String model, Json.Obj asked) {
    Json.Obj of(String status, List<Json> output, Optional<Usage> usage) {
        return Json.Obj.of(
                "id",
                id,
                "object",
                "response",
                "created_at",
                created,
                "status",
                status,
                "error",
                Json.Null.VALUE,
                "incomplete_details",
                status.equals("incomplete")
                        ? Json.Obj.of("reason", "max_output_tokens")
                        : Json.Null.VALUE,
                "instructions",
                asked("instructions", Json.Null.VALUE),
                "max_output_tokens",
                asked("max_output_tokens", Json.Null.VALUE),
                "model",
                model,
                "output",
                output,
                "parallel_tool_calls",
                asked("parallel_tool_calls", Json.of(true)),
                "previous_response_id",
                Json.Null.VALUE,
                "reasoning",
                asked(
                        "reasoning",
                        Json.Obj.of("effort", Json.Null.VALUE, "summary", Json.Null.VALUE)),
                "store",
                false,
                "temperature",
                asked("temperature", Json.of(1.0)),
                "text",
                asked("text", Json.Obj.of("format", Json.Obj.of("type", "text"))),
                "tool_choice",
                asked("tool_choice", Json.of("auto")),
                "tools",
                asked("tools", Json.Arr.EMPTY),
                "top_p",
                asked("top_p", Json.of(1.0)),
                "truncation",
                "disabled",
                "usage",
                usage.<Json>map(ResponseShape::usage).orElse(Json.Null.VALUE),
                "metadata",
                asked("metadata", Json.Obj.EMPTY));
    }

    Json.Obj failed(List<Json> output, String code, String message) {
        return of("failed", output, Optional.empty())
                .with("error", Json.Obj.of("code", code, "message", message));
    }

    private Json asked(String name, Json otherwise) {
        return asked.at(name).orElse(otherwise);
    }

    private static Json usage(Usage usage) {
        return Json.Obj.of(
                "input_tokens", usage.prompt(),
                "input_tokens_details", Json.Obj.of("cached_tokens", usage.cached()),
                "output_tokens", usage.completion(),
                "output_tokens_details", Json.Obj.of("reasoning_tokens", usage.reasoning()),
                "total_tokens", usage.prompt() + usage.completion());
    }

    static Json.Obj message(String id, String status, List<Json> content) {
        return Json.Obj.of(
                "type", "message",
                "id", id,
                "status", status,
                "role", "assistant",
                "content", content);
    }

    static Json.Obj text(String text) {
        return Json.Obj.of(
                "type",
                "output_text",
                "text",
                text,
                "annotations",
                List.of(),
                "logprobs",
                List.of());
    }

    static Json.Obj call(String id, String status, String callId, String name, String arguments) {
        return Json.Obj.of(
                "type", "function_call",
                "id", id,
                "status", status,
                "call_id", callId,
                "name", name,
                "arguments", arguments);
    }

    static Json.Obj reasoning(String id, String status, String text) {
        return Json.Obj.of(
                "type",
                "reasoning",
                "id",
                id,
                "status",
                status,
                "summary",
                List.of(),
                "content",
                text.isEmpty()
                        ? List.of()
                        : List.of(Json.Obj.of("type", "reasoning_text", "text", text)));
    }

    /** How a chat's finish reason reads here. */
    static String status(String finish) {
        return finish.equals("length") ? "incomplete" : "completed";
    }
}
