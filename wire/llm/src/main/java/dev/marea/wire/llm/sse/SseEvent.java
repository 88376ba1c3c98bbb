package dev.marea.wire.llm.sse;

/** One event; {@code name} is empty for the default kind. */
public record SseEvent(String name, String data) {}
