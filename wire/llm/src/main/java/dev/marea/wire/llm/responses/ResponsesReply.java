package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.openai.Usage;
import java.util.ArrayList;
import java.util.Optional;

/** The whole answer to a chat as a response object. */
public final class ResponsesReply {
    private ResponsesReply() {}

    public static Json.Obj of(Json chat, ResponsesRequest request) {
        var id = chat.text("id").orElse("").replaceFirst("^chatcmpl-", "");
        var choice = chat.list("choices").stream().findFirst().orElse(Json.Obj.EMPTY);
        var message = choice.object("message");
        var output = new ArrayList<Json>();
        var thoughts = message.text("reasoning_content").or(() -> message.text("reasoning"));
        thoughts.filter(t -> !t.isEmpty())
                .ifPresent(t -> output.add(ResponseShape.reasoning("rs_" + id, "completed", t)));
        message.text("content")
                .filter(t -> !t.isEmpty())
                .ifPresent(t -> {
                    var content = java.util.List.<Json>of(ResponseShape.text(t));
                    output.add(ResponseShape.message("msg_" + id, "completed", content));
                });
        for (var call : message.list("tool_calls")) {
            output.add(
                    ResponseShape.call(
                            "fc_" + id + "_" + output.size(),
                            "completed",
                            call.text("id").orElse(""),
                            call.text("function", "name").orElse(""),
                            call.text("function", "arguments").orElse("")));
        }
        var shape =
                new ResponseShape(
                        "resp_" + id,
                        chat.integer("created").orElse(0),
                        request.model(),
                        request.asked());
        var status = ResponseShape.status(choice.text("finish_reason").orElse("stop"));
        return shape.of(status, output, Optional.of(Usage.read(chat.object("usage"))));
    }
}
