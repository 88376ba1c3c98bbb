package dev.marea.wire.llm.openai;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.request.Fields;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
final class ToolReader {
    private static final int NAME_CHARS_MAX = 256;
    private static final int DESCRIPTION_CHARS_MAX = 256 << 10;

    private ToolReader() {}

    static ToolUse read(Fields fields, RequestLimits limits) throws InvalidRequest {
        boolean parallel = fields.flag("parallel_tool_calls", true);
        var written = fields.value("tools");
        var asked = fields.value("tool_choice");
        if (written.isEmpty()) {
            if (asked.isPresent()
                    && !asked.get().equals(Json.of("none"))
                    && !asked.get().equals(Json.of("auto"))) {
                throw new InvalidRequest("tool_choice", "tool_choice needs tools to choose from");
            }
            return ToolUse.NONE;
        }
        var tools = tools(Fields.list(written.get(), "tools", limits.toolsMax()));
        return new ToolUse(tools, choice(asked.orElse(Json.of("auto")), tools), parallel);
    }

    private static List<Tool> tools(List<Json> written) throws InvalidRequest {
        if (written.isEmpty()) {
            throw new InvalidRequest("tools", "tools must not be empty; leave it out instead");
        }
        var tools = new ArrayList<Tool>();
        var names = new HashSet<String>();
        for (var one : written) {
            var tool = tool(Fields.of(one, "tools[" + tools.size() + "]"));
            if (!names.add(tool.name())) {
                throw new InvalidRequest(
                        "tools[" + tools.size() + "].function.name",
                        "two tools are named '" + tool.name() + "'");
            }
            tools.add(tool);
        }
        return tools;
    }

    private static Tool tool(Fields fields) throws InvalidRequest {
        var type = fields.text("type", NAME_CHARS_MAX).orElse("function");
        if (!type.equals("function")) {
            throw new InvalidRequest(
                    fields.path("type"),
                    "%s is '%s'; only function tools are served"
                            .formatted(fields.path("type"), type));
        }
        var function = fields.requiredObject("function");
        var name = function.requiredText("name", NAME_CHARS_MAX);
        if (!name.matches("[a-zA-Z0-9_.:/-]+")) {
            throw new InvalidRequest(
                    function.path("name"),
                    function.path("name") + " may hold letters, digits and _.:/- only");
        }
        var parameters = function.object("parameters");
        return new Tool(
                name,
                function.text("description", DESCRIPTION_CHARS_MAX).orElse(""),
                parameters.isEmpty() ? Json.Obj.EMPTY : parameters.get().source(),
                function.flag("strict", false),
                fields.source());
    }

    private static ToolChoice choice(Json asked, List<Tool> tools) throws InvalidRequest {
        return switch (asked) {
            case Json.Str(var word) when word.equals("none") -> new ToolChoice.None();
            case Json.Str(var word) when word.equals("auto") -> new ToolChoice.Auto();
            case Json.Str(var word) when word.equals("required") -> new ToolChoice.Required();
            case Json.Obj _ -> named(asked, tools);
            case Json _ ->
                    throw new InvalidRequest(
                            "tool_choice",
                            "tool_choice is %s; none, auto, required or a function are served"
                                    .formatted(asked));
        };
    }

    private static ToolChoice named(Json asked, List<Tool> tools) throws InvalidRequest {
        var name =
                Fields.of(asked, "tool_choice")
                        .requiredObject("function")
                        .requiredText("name", NAME_CHARS_MAX);
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw new InvalidRequest(
                    "tool_choice.function.name",
                    "tool_choice names '%s', which is not among the tools".formatted(name));
        }
        return new ToolChoice.Named(name);
    }
}
