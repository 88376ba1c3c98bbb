package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import java.util.List;

/** The item of a response that is growing; the call is its number in the chat's chunks. */
record OpenItem(Kind kind, String id, long call, String callId, String name, StringBuilder text) {
    enum Kind {
        NONE(""),
        MESSAGE("msg_"),
        REASONING("rs_"),
        CALL("fc_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }
    }

    static final OpenItem NONE = new OpenItem(Kind.NONE, "", -1, "", "", new StringBuilder());

    Json.Obj begun() {
        return switch (kind) {
            case NONE -> Json.Obj.EMPTY;
            case MESSAGE -> ResponseShape.message(id, "in_progress", List.of());
            case REASONING -> ResponseShape.reasoning(id, "in_progress", "");
            case CALL -> ResponseShape.call(id, "in_progress", callId, name, "");
        };
    }

    Json.Obj whole() {
        return switch (kind) {
            case NONE -> Json.Obj.EMPTY;
            case MESSAGE ->
                    ResponseShape.message(
                            id, "completed", List.of(ResponseShape.text(text.toString())));
            case REASONING -> ResponseShape.reasoning(id, "completed", text.toString());
            case CALL -> ResponseShape.call(id, "completed", callId, name, text.toString());
        };
    }
}
