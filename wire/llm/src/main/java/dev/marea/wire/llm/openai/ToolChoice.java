package dev.marea.wire.llm.openai;

/** Which tools the model may, or must, call. */
public sealed interface ToolChoice {
    record None() implements ToolChoice {}

    record Auto() implements ToolChoice {}

    record Required() implements ToolChoice {}

    record Named(String function) implements ToolChoice {}
}
