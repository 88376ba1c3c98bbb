package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.llm.openai.Usage;
import java.util.ArrayList;

/** The whole answer to a chat as Anthropic's message. */
public final class MessagesReply {
    private MessagesReply() {}

    public static Json.Obj of(Json chat, String model) {
        var choice = chat.list("choices").stream().findFirst().orElse(Json.Obj.EMPTY);
        var message = choice.object("message");
        var content = new ArrayList<Json>();
        var thoughts = message.text("reasoning_content").or(() -> message.text("reasoning"));
        thoughts.filter(t -> !t.isEmpty()).ifPresent(t -> content.add(thinking(t)));
        message.text("content").filter(t -> !t.isEmpty()).ifPresent(t -> content.add(text(t)));
        message.list("tool_calls").forEach(call -> content.add(call(call)));
        return Json.Obj.of(
                "id",
                "msg_" + chat.text("id").orElse("").replaceFirst("^chatcmpl-", ""),
                "type",
                "message",
                "role",
                "assistant",
                "model",
                model,
                "content",
                content,
                "stop_reason",
                StopReason.of(choice),
                "stop_sequence",
                StopReason.sequence(choice),
                "usage",
                usage(Usage.read(chat.object("usage"))));
    }

    static Json.Obj usage(Usage usage) {
        return Json.Obj.of(
                "input_tokens",
                usage.prompt() - usage.cached(),
                "cache_creation_input_tokens",
                0,
                "cache_read_input_tokens",
                usage.cached(),
                "output_tokens",
                usage.completion());
    }

    private static Json thinking(String text) {
        return Json.Obj.of("type", "thinking", "thinking", text, "signature", "");
    }

    private static Json text(String text) {
        return Json.Obj.of("type", "text", "text", text);
    }

    private static Json call(Json call) {
        return Json.Obj.of(
                "type", "tool_use",
                "id", call.text("id").orElse(""),
                "name", call.text("function", "name").orElse(""),
                "input", input(call.text("function", "arguments").orElse("")));
    }

    /** A model may write arguments that are no JSON; the client gets them under a name of ours. */
    private static Json input(String arguments) {
        try {
            return JsonReader.read(arguments.isBlank() ? "{}" : arguments) instanceof Json.Obj input
                    ? input
                    : Json.Obj.of("raw", arguments);
        } catch (JsonReader.MalformedJson _) {
            return Json.Obj.of("raw", arguments);
        }
    }
}
