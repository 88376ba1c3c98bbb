package dev.marea.storage;

/**
 * What a fetch brought.
 *
 * @param pinned what the URI was resolved to
 * @param bytes of the model
 * @param network how many bytes came from the store; 0 if the node had them all
 */
public record Fetched(String pinned, int files, long bytes, long network) {}
