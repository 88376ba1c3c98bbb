package dev.marea.storage.store;

import java.net.http.HttpRequest;
import java.util.Optional;

/** Where the bytes of one file are asked for. */
public interface Origin {
    /**
     * Builds the request for a range, or for the whole file; anew for each attempt, so that
     * signatures and tokens are fresh. What pins a version (If-Match, a generation) is in it.
     */
    HttpRequest.Builder request(Optional<ByteRange> range)
            throws FetchFailure, InterruptedException;

    /** Whether the administrator named the server, as {@link Asking.Request} says. */
    default boolean administrators() {
        return false;
    }
}
