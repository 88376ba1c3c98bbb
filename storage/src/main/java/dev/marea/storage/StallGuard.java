package dev.marea.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a stream that brings no byte for too long, so that the blocked reader fails instead of
 * waiting for ever.
 */
final class StallGuard extends FilterInputStream {
    private final AtomicLong reads = new AtomicLong();
    private final ScheduledFuture<?> check;
    private volatile boolean stalled;
    private long readsSeen = -1;

    StallGuard(InputStream in, Duration stall, ScheduledExecutorService clock) {
        super(in);
        check =
                clock.scheduleAtFixedRate(
                        this::look, stall.toMillis(), stall.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = reads.get();
        if (now == readsSeen) {
            stalled = true;
            closeQuietly();
        }
        readsSeen = now;
    }

    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException alreadyBroken) {
            check.cancel(false);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        try {
            count = super.read(buffer, offset, length);
        } catch (IOException cut) {
            throw stalled ? new IOException("no byte came for too long", cut) : cut;
        }
        reads.incrementAndGet();
        if (count < 0 && stalled) {
            throw new IOException("no byte came for too long");
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        check.cancel(false);
        super.close();
    }
}
