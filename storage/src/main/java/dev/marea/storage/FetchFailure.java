package dev.marea.storage;

import java.io.IOException;

/** A fetch that failed; the message names the source, what went wrong and what to do about it. */
public final class FetchFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    FetchFailure(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    static FetchFailure lasting(String message) {
        return new FetchFailure(message, false);
    }

    static FetchFailure passing(String message) {
        return new FetchFailure(message, true);
    }

    public boolean retryable() {
        return retryable;
    }
}
