package dev.marea.storage.store;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A fetch that failed; the message names the source, what went wrong and what to do about it. */
public final class FetchFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean retryable;
    private final @Nullable Duration wait;

    private FetchFailure(String message, boolean retryable, @Nullable Duration wait) {
        super(message);
        this.retryable = retryable;
        this.wait = wait;
    }

    /** No attempt can help before a person changes something. */
    public static FetchFailure lasting(String message) {
        return new FetchFailure(message, false, null);
    }

    /** A later attempt may succeed. */
    public static FetchFailure passing(String message) {
        return new FetchFailure(message, true, null);
    }

    /** A later attempt may succeed, but the store said not to come before {@code wait} is over. */
    public static FetchFailure busy(String message, Duration wait) {
        return new FetchFailure(message, true, wait);
    }

    public boolean retryable() {
        return retryable;
    }

    /** How long the store wants to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(wait);
    }

    /** The same failure with what was tried, such as {@code attempt 4 of 4}. */
    public FetchFailure after(String tried) {
        var failure = new FetchFailure(getMessage() + " (" + tried + ")", retryable, wait);
        failure.initCause(this);
        return failure;
    }
}
