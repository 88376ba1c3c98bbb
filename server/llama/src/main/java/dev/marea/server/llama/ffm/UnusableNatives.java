package dev.marea.server.llama.ffm;

/** The libraries that were found are not those that this code was written for. */
public final class UnusableNatives extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableNatives(String message) {
        super(message, null, false, false);
    }
}
