package dev.marea.wire.llm.openai;

/** What every piece of one answer says of itself; {@code created} is in seconds of Unix time. */
public record ReplyHead(String id, long created, String model) {}
