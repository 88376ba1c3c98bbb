package dev.marea.storage.store;

import java.net.http.HttpHeaders;
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

    /** Whether a range is part of the address, so that it is answered with 200 and not 206. */
    default boolean rangeInAddress() {
        return false;
    }

    /**
     * What an answer means that is no bytes: with the store's own words, and which Secret and key
     * to mend.
     *
     * @param body its first bytes
     */
    default FetchFailure refused(int status, HttpHeaders headers, byte[] body) {
        var message = "the store answered " + status;
        return status == 408 || status == 429 || status >= 500
                ? FetchFailure.passing(message)
                : FetchFailure.lasting(message);
    }
}
