package dev.marea.core.spec;

/**
 * An amount of memory.
 *
 * @param text as its author wrote it
 */
public record Memory(long bytes, String text) {
    public Memory {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory cannot be negative, was " + text);
        }
    }
}
