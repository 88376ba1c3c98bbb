package dev.marea.wire.llm.tools;

/** A piece of what a model's text means, in the order in which a stream tells it. */
public sealed interface OutputDelta {
    record Reasoning(String text) implements OutputDelta {}

    record Content(String text) implements OutputDelta {}

    /** The call of this index begins: its id and name are told once. */
    record CallStart(int index, String id, String name) implements OutputDelta {}

    /** More text of the arguments of the call of this index. */
    record CallArguments(int index, String text) implements OutputDelta {}
}
