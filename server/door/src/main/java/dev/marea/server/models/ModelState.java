package dev.marea.server.models;

/**
 * One line of the repository's index.
 *
 * @param reason why it is in this state, for people; empty when there is nothing to say
 */
public record ModelState(String name, String version, State state, String reason) {
    /** Triton's words. */
    public enum State {
        UNKNOWN,
        READY,
        UNAVAILABLE,
        LOADING,
        UNLOADING
    }
}
