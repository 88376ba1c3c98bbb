package dev.marea.wire.llm.tools;

/** How a family of models writes its tool calls. */
public enum ToolFormat {
    NONE,
    HERMES,
    LLAMA_JSON,
    LLAMA_PYTHONIC,
    MISTRAL,
    DEEPSEEK,
    GRANITE,
    PHI4,
    FUNCTION_GEMMA;

    /** The format that a chat template teaches; {@link #NONE} where it teaches none. */
    public static ToolFormat of(String template) {
        if (!template.contains("tools")) {
            return NONE;
        }
        if (template.contains("<start_function_call>")) {
            return FUNCTION_GEMMA;
        }
        if (template.contains("<｜tool▁calls▁begin｜>")) {
            return DEEPSEEK;
        }
        if (template.contains("[TOOL_CALLS]")) {
            return MISTRAL;
        }
        if (template.contains("<|tool_call|>")) {
            return template.contains("<|tool|>") ? PHI4 : GRANITE;
        }
        if (template.contains("<tool_call>")) {
            return HERMES;
        }
        if (template.contains("<|python_tag|>") || template.contains("<|start_header_id|>")) {
            return LLAMA_JSON;
        }
        return template.contains("<|python_start|>") ? LLAMA_PYTHONIC : NONE;
    }
}
