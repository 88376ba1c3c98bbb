package dev.marea.storage;

import java.time.Duration;

/** What one fetch may take. */
public record FetchLimits(
        long bytesMax,
        Duration connect,
        Duration stall,
        int redirectsMax,
        int attempts,
        Duration pause) {
    public static final FetchLimits DEFAULT =
            new FetchLimits(
                    64L << 30,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    5,
                    4,
                    Duration.ofSeconds(1));

    public FetchLimits {
        if (bytesMax < 1 || redirectsMax < 0 || attempts < 1) {
            throw new IllegalArgumentException(
                    "need at least one byte and one attempt, was "
                            + bytesMax
                            + " bytes, "
                            + attempts
                            + " attempts");
        }
    }
}
