package dev.marea.storage.transfer;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Notices a server that drips: every read brings something, and the file would take a year. */
final class Pace {
    private final long windowNanos;
    private final long bytesMin;
    private long began = System.nanoTime();
    private long bytes;

    Pace(Duration window, long bytesPerSecond) {
        windowNanos = window.toNanos();
        bytesMin = bytesPerSecond * Math.max(1, window.toSeconds());
    }

    void brought(int count) throws IOException {
        bytes += count;
        if (bytes >= bytesMin) {
            restart();
        } else if (System.nanoTime() - began > windowNanos) {
            throw new SocketTimeoutException(
                    "only " + bytes + " bytes came in " + windowNanos / 1_000_000 + " ms");
        }
    }

    private void restart() {
        began = System.nanoTime();
        bytes = 0;
    }
}
