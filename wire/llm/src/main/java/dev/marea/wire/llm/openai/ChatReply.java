package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.tools.OutputDelta;
import dev.marea.wire.llm.tools.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the answer to a chat: whole, or as the chunks of a stream. */
public record ChatReply(ReplyHead head) {
    public Json.Obj whole(List<ChatChoice> choices, Usage usage) {
        return frame("chat.completion")
                .with("choices", new Json.Arr(choices.stream().map(ChatReply::choice).toList()))
                .with("usage", usage.json());
    }

    private static Json choice(ChatChoice choice) {
        return Json.Obj.of(
                "index", choice.index(),
                "message", message(choice),
                "logprobs", Logprobs.orNull(choice.logprobs()),
                "finish_reason", choice.finish().wireName(),
                "stop_reason", choice.stoppedBy().map(Json::of).orElse(Json.Null.VALUE));
    }

    private static Json.Obj message(ChatChoice choice) {
        var output = choice.output();
        boolean silent = output.content().isEmpty() && !output.calls().isEmpty();
        var message =
                Json.Obj.of(
                        "role",
                        "assistant",
                        "content",
                        silent ? Json.Null.VALUE : output.content(),
                        "refusal",
                        Json.Null.VALUE);
        if (!output.reasoning().isEmpty()) {
            message = reasoning(message, output.reasoning());
        }
        if (!output.calls().isEmpty()) {
            var calls = new ArrayList<Json>();
            output.calls().forEach(call -> calls.add(call(call)));
            message = message.with("tool_calls", new Json.Arr(calls));
        }
        return message;
    }

    /**
     * vLLM says {@code reasoning}; what most clients read is the older {@code reasoning_content}.
     */
    private static Json.Obj reasoning(Json.Obj message, String text) {
        return message.with("reasoning", Json.of(text)).with("reasoning_content", Json.of(text));
    }

    private static Json call(ToolCall call) {
        return Json.Obj.of(
                "id", call.id(),
                "type", "function",
                "function", Json.Obj.of("name", call.name(), "arguments", call.arguments()));
    }

    /** The first chunk of a choice: who speaks. */
    public Json.Obj opening(int index) {
        return chunk(index, Json.Obj.of("role", "assistant", "content", ""), Optional.empty());
    }

    public Json.Obj chunk(int index, OutputDelta delta, Optional<List<TokenLogprob>> logprobs) {
        return chunk(index, delta(delta), logprobs);
    }

    private static Json.Obj delta(OutputDelta delta) {
        return switch (delta) {
            case OutputDelta.Content(var text) -> Json.Obj.of("content", text);
            case OutputDelta.Reasoning(var text) -> reasoning(Json.Obj.EMPTY, text);
            case OutputDelta.CallStart(int call, var id, var name) ->
                    calls(
                            Json.Obj.of(
                                    "index",
                                    call,
                                    "id",
                                    id,
                                    "type",
                                    "function",
                                    "function",
                                    Json.Obj.of("name", name, "arguments", "")));
            case OutputDelta.CallArguments(int call, var text) ->
                    calls(Json.Obj.of("index", call, "function", Json.Obj.of("arguments", text)));
        };
    }

    private static Json.Obj calls(Json.Obj call) {
        return Json.Obj.of("tool_calls", new Json.Arr(List.of(call)));
    }

    private Json.Obj chunk(int index, Json.Obj delta, Optional<List<TokenLogprob>> logprobs) {
        return chunkOf(
                Json.Obj.of(
                        "index",
                        index,
                        "delta",
                        delta,
                        "logprobs",
                        Logprobs.orNull(logprobs),
                        "finish_reason",
                        Json.Null.VALUE));
    }

    /** The last chunk of a choice. */
    public Json.Obj closing(int index, FinishReason finish, Optional<String> stoppedBy) {
        return chunkOf(
                Json.Obj.of(
                        "index",
                        index,
                        "delta",
                        Json.Obj.EMPTY,
                        "logprobs",
                        Json.Null.VALUE,
                        "finish_reason",
                        finish.wireName(),
                        "stop_reason",
                        stoppedBy.map(Json::of).orElse(Json.Null.VALUE)));
    }

    /** The last chunk of a stream whose client asked for the usage. */
    public Json.Obj usage(Usage usage) {
        return frame("chat.completion.chunk")
                .with("choices", Json.Arr.EMPTY)
                .with("usage", usage.json());
    }

    private Json.Obj chunkOf(Json.Obj choice) {
        return frame("chat.completion.chunk").with("choices", new Json.Arr(List.of(choice)));
    }

    private Json.Obj frame(String object) {
        return Json.Obj.of(
                "id",
                head.id(),
                "object",
                object,
                "created",
                head.created(),
                "model",
                head.model());
    }
}
