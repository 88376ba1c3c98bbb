package dev.marea.storage.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** A file read in order while its parts arrive, with its sums. */
final class FollowedStream extends InputStream {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Arrival arrival;
    private final Digests digests;
    private long position;

    FollowedStream(Arrival arrival) {
        this.arrival = arrival;
        this.digests = new Digests(arrival.file().sum());
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        long there;
        try {
            there = arrival.await(position);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
        if (there == 0) {
            return -1;
        }
        int count = arrival.read(buffer, offset, (int) Math.min(length, there), position);
        if (count <= 0) {
            throw new IOException("the file on disk is shorter than what was written to it");
        }
        position += count;
        digests.add(buffer, offset, count);
        return count;
    }

    /** Reads to the end, whatever a reader left, and ends the sums. */
    Digests.Sums sums() throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        while (read(buffer, 0, buffer.length) >= 0) {
            // only the sums are wanted
        }
        return digests.sums();
    }
}
