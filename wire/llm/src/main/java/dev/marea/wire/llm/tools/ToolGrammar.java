package dev.marea.wire.llm.tools;

import dev.marea.wire.llm.grammar.CallNotation;
import dev.marea.wire.llm.grammar.CallNotation.Callable;
import dev.marea.wire.llm.grammar.Grammars;
import dev.marea.wire.llm.grammar.UnsupportedSchema;
import java.util.List;

/** The grammar that makes a model call tools, in the notation that its parser reads. */
public final class ToolGrammar {
    private ToolGrammar() {}

    /**
     * At least one call of one of these tools and nothing else; several where {@code parallel}. The
     * answer must be read with {@link #readAs}.
     */
    public static String of(ToolFormat format, List<Callable> tools, boolean parallel)
            throws UnsupportedSchema {
        return Grammars.calls(notation(format), tools, parallel);
    }

    /** FunctionGemma's and Python's notations hold no schema: their models are held to Hermes'. */
    public static ToolFormat readAs(ToolFormat format) {
        return switch (format) {
            case NONE, FUNCTION_GEMMA, LLAMA_PYTHONIC -> ToolFormat.HERMES;
            case HERMES, LLAMA_JSON, MISTRAL, DEEPSEEK, GRANITE, PHI4 -> format;
        };
    }

    private static CallNotation notation(ToolFormat format) {
        return switch (format) {
            case NONE, HERMES, FUNCTION_GEMMA, LLAMA_PYTHONIC ->
                    CallNotation.tagged("<tool_call>\n", "\n</tool_call>", "arguments");
            case LLAMA_JSON ->
                    new CallNotation("", "{\"name\": ", ", \"parameters\": ", "}", "; ", "");
            case MISTRAL -> CallNotation.listed("[TOOL_CALLS]", "");
            case GRANITE -> CallNotation.listed("<|tool_call|>", "");
            case PHI4 -> CallNotation.listed("functools", "");
            case DEEPSEEK ->
                    new CallNotation(
                            "<｜tool▁calls▁begin｜>",
                            "<｜tool▁call▁begin｜>",
                            "<｜tool▁sep｜>",
                            "<｜tool▁call▁end｜>",
                            "",
                            "<｜tool▁calls▁end｜>");
        };
    }
}
