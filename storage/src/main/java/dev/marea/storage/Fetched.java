package dev.marea.storage;

import java.util.Map;

/**
 * What a fetch brought.
 *
 * @param pinned what the URI was resolved to
 * @param bytes of the model
 * @param network how many bytes came from the store; 0 if the node had them all
 * @param digests SHA-256 in hex, by path; of a local directory none are taken
 */
public record Fetched(
        String pinned, int files, long bytes, long network, Map<String, String> digests) {
    public Fetched {
        digests = Map.copyOf(digests);
    }
}
