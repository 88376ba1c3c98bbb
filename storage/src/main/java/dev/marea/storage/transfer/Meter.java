package dev.marea.storage.transfer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what arrives. What it tells never goes back, even where a file has to begin anew. */
public final class Meter {
    private static final double SMOOTHING = 0.3;

    private final AtomicLong here = new AtomicLong();
    private final AtomicLong network = new AtomicLong();
    private final AtomicLong resumed = new AtomicLong();
    private final AtomicInteger files = new AtomicInteger();
    private volatile long total = -1;
    private volatile int filesTotal;

    // Of the one thread that tells.
    private long toldBytes;
    private long toldNanos;
    private double rate;
    private long most;

    /** What is to come. */
    public void expect(long bytes, int count) {
        total = bytes;
        filesTotal = count;
    }

    /** Bytes of a file that is here already. */
    public void had(long bytes) {
        here.addAndGet(bytes);
    }

    void resumed(long bytes) {
        here.addAndGet(bytes);
        resumed.addAndGet(bytes);
    }

    void arrived(long bytes) {
        here.addAndGet(bytes);
        network.addAndGet(bytes);
    }

    void lost(long bytes) {
        here.addAndGet(-bytes);
    }

    public void fileDone() {
        files.incrementAndGet();
    }

    /** Bytes that the network brought. */
    public long network() {
        return network.get();
    }

    /**
     * How far it is.
     *
     * @param nanos of a monotonic clock
     */
    public Progress progress(long nanos) {
        long bytes = network.get();
        if (toldNanos != 0 && nanos > toldNanos) {
            double now = (bytes - toldBytes) * 1e9 / (nanos - toldNanos);
            rate = rate == 0 ? now : rate + SMOOTHING * (now - rate);
        }
        toldBytes = bytes;
        toldNanos = nanos;
        most = Math.max(most, here.get());
        return new Progress(most, total, (long) rate, resumed.get(), files.get(), filesTotal);
    }
}
