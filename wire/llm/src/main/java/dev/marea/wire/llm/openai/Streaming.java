package dev.marea.wire.llm.openai;

/** Whether the answer is streamed, and how often it says what was used. */
public record Streaming(boolean stream, boolean includeUsage, boolean continuousUsage) {
    public static final Streaming NONE = new Streaming(false, false, false);
}
