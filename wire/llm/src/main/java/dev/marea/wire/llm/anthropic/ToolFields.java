package dev.marea.wire.llm.anthropic;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.Map;

/** Anthropic's tools and tool choice, as OpenAI writes them. */
final class ToolFields {
    private static final int NAME_CHARS_MAX = 256;
    private static final int DESCRIPTION_CHARS_MAX = 256 << 10;

    private final Fields fields;
    private final RequestLimits limits;

    ToolFields(Fields fields, RequestLimits limits) {
        this.fields = fields;
        this.limits = limits;
    }

    void convert(Map<String, Json> chat) throws InvalidRequest {
        var written = fields.list("tools", limits.toolsMax());
        var tools = new ArrayList<Json>();
        for (var one : written) {
            tools.add(tool(Fields.of(one, "tools[" + tools.size() + "]")));
        }
        var choice = fields.object("tool_choice");
        if (tools.isEmpty()) {
            return;
        }
        chat.put("tools", new Json.Arr(tools));
        if (choice.isPresent()) {
            chat.put("tool_choice", choice(choice.get()));
            if (choice.get().flag("disable_parallel_tool_use", false)) {
                chat.put("parallel_tool_calls", new Json.Bool(false));
            }
        }
    }

    private static Json tool(Fields tool) throws InvalidRequest {
        var type = tool.text("type", NAME_CHARS_MAX).orElse("custom");
        if (!type.equals("custom")) {
            throw new InvalidRequest(
                    tool.path("type"),
                    "%s is '%s'; tools that Anthropic itself runs are not served here"
                            .formatted(tool.path("type"), type));
        }
        var function =
                Json.Obj.of(
                        "name", tool.requiredText("name", NAME_CHARS_MAX),
                        "description", tool.text("description", DESCRIPTION_CHARS_MAX).orElse(""),
                        "parameters", tool.requiredObject("input_schema").source());
        return Json.Obj.of("type", "function", "function", function);
    }

    private static Json choice(Fields choice) throws InvalidRequest {
        var type = choice.requiredText("type", NAME_CHARS_MAX);
        return switch (type) {
            case "auto", "none" -> new Json.Str(type);
            case "any" -> new Json.Str("required");
            case "tool" ->
                    Json.Obj.of(
                            "type",
                            "function",
                            "function",
                            Json.Obj.of("name", choice.requiredText("name", NAME_CHARS_MAX)));
            default ->
                    throw new InvalidRequest(
                            choice.path("type"),
                            "%s is '%s'; auto, any, tool and none are served"
                                    .formatted(choice.path("type"), type));
        };
    }
}
