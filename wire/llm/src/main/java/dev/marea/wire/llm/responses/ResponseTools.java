package dev.marea.wire.llm.responses;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.Map;

/** Tools, which Responses write flat and chats write nested. */
final class ResponseTools {
    private static final int WORD_CHARS_MAX = 256;

    private ResponseTools() {}

    static void convert(Fields fields, RequestLimits limits, Map<String, Json> chat)
            throws InvalidRequest {
        var tools = new ArrayList<Json>();
        for (var one : fields.list("tools", limits.toolsMax())) {
            tools.add(tool(Fields.of(one, "tools[" + tools.size() + "]")));
        }
        var choice = fields.value("tool_choice");
        var parallel = fields.value("parallel_tool_calls");
        if (tools.isEmpty()) {
            return;
        }
        chat.put("tools", new Json.Arr(tools));
        if (choice.isPresent()) {
            chat.put("tool_choice", choice(choice.get()));
        }
        parallel.ifPresent(flag -> chat.put("parallel_tool_calls", flag));
    }

    private static Json tool(Fields tool) throws InvalidRequest {
        var type = tool.requiredText("type", WORD_CHARS_MAX);
        if (!type.equals("function")) {
            throw new InvalidRequest(
                    tool.path("type"),
                    "%s is '%s'; only function tools are served"
                            .formatted(tool.path("type"), type));
        }
        tool.requiredText("name", WORD_CHARS_MAX);
        return Json.Obj.of("type", "function", "function", tool.source().without("type"));
    }

    private static Json choice(Json choice) throws InvalidRequest {
        if (choice instanceof Json.Str) {
            return choice;
        }
        var name = Fields.of(choice, "tool_choice").requiredText("name", WORD_CHARS_MAX);
        return Json.Obj.of("type", "function", "function", Json.Obj.of("name", name));
    }
}
