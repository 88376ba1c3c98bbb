package dev.marea.wire.llm.tools;

/** One call that a model made; the arguments are the text of a JSON object. */
public record ToolCall(String id, String name, String arguments) {}
