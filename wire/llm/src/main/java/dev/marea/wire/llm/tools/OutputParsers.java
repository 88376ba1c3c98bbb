package dev.marea.wire.llm.tools;

import java.util.function.Supplier;

/** The parser for one answer of a model. */
public final class OutputParsers {
    private OutputParsers() {}

    /** {@code ids} gives each call its id; tools are only looked for where some may be called. */
    public static OutputParser of(
            ToolFormat tools, ReasoningFormat reasoning, Supplier<String> ids) {
        if (tools != ToolFormat.NONE || reasoning != ReasoningFormat.NONE) {
            throw new UnsupportedOperationException("parsers of families are on their way");
        }
        return new PlainText();
    }
}
