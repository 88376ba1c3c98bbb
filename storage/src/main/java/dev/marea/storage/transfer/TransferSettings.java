package dev.marea.storage.transfer;

import java.time.Duration;

/**
 * How files are brought.
 *
 * @param connections at once for one model
 * @param partBytes larger files come in parts of this size, on several connections
 * @param stall after which time of next to nothing a part is asked for again
 * @param bytesMax of one model
 */
public record TransferSettings(int connections, long partBytes, Duration stall, long bytesMax) {
    public static final TransferSettings USUAL =
            new TransferSettings(8, 64L << 20, Duration.ofSeconds(30), 2L << 40);

    public TransferSettings {
        if (connections < 1 || connections > 64 || partBytes < 1 || bytesMax < 1) {
            throw new IllegalArgumentException(
                    "need 1 to 64 connections, parts and a limit of at least a byte, was %d, %d, %d"
                            .formatted(connections, partBytes, bytesMax));
        }
    }
}
