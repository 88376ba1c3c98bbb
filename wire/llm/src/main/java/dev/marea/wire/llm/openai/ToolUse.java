package dev.marea.wire.llm.openai;

import java.util.List;

/** The tools of one request and how they may be used. */
public record ToolUse(List<Tool> tools, ToolChoice choice, boolean parallel) {
    public static final ToolUse NONE = new ToolUse(List.of(), new ToolChoice.None(), true);

    public ToolUse {
        tools = List.copyOf(tools);
    }

    /** The tools that may be called under the choice. */
    public List<Tool> callable() {
        return switch (choice) {
            case ToolChoice.None() -> List.of();
            case ToolChoice.Auto(), ToolChoice.Required() -> tools;
            case ToolChoice.Named(var name) ->
                    tools.stream().filter(tool -> tool.name().equals(name)).toList();
        };
    }
}
