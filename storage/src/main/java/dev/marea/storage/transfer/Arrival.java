package dev.marea.storage.transfer;

import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.transfer.Digests.Sums;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way: its parts are written wherever they belong, and whoever reads it in order
 * follows behind them.
 */
final class Arrival implements Closeable {
    private static final int SUM_BYTES = 256 << 10;

    private final Job job;
    private final Layout layout;
    private final FileChannel data;
    private final Journal journal;
    private final Identity identity;
    private final AtomicInteger partsLeft;
    private final AtomicBoolean abandoned = new AtomicBoolean();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long end; // the size, once it is known
    private boolean stopped;

    /** Sums up as bytes are written, where they are written in order; else a follower does. */
    private @Nullable Digests inline;

    private Arrival(Job job, Layout layout, FileChannel data, Journal journal) {
        this.job = job;
        this.layout = layout;
        this.data = data;
        this.journal = journal;
        this.identity = new Identity(job.file());
        this.partsLeft = new AtomicInteger(layout.parts());
        this.end = layout.size();
        this.inline =
                layout.parts() == 1 && job.reading().isEmpty()
                        ? new Digests(job.file().sum())
                        : null;
    }

    static Arrival open(Job job, Layout layout) throws IOException {
        var data =
                FileChannel.open(
                        job.data(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            // Without a size, only its end tells that it is whole: it begins anew.
            boolean resumable = job.journal().isPresent() && layout.size() >= 0;
            var journal =
                    resumable
                            ? Journal.open(job.journal().orElseThrow(), layout)
                            : Journal.none(layout);
            if (journal.done() == 0) {
                data.truncate(0);
            }
            return new Arrival(job, layout, data, journal);
        } catch (IOException failed) {
            data.close();
            throw failed;
        }
    }

    Job job() {
        return job;
    }

    RemoteFile file() {
        return job.file();
    }

    Layout layout() {
        return layout;
    }

    Identity identity() {
        return identity;
    }

    long done() {
        return journal.done();
    }

    long done(int part) {
        return journal.done(part);
    }

    /** True if a follower has to read what comes. */
    boolean followed() {
        return inline == null;
    }

    /** Brings the sums up to where the bytes are; called before the one part goes on. */
    void resumeSums() throws IOException {
        if (inline == null) {
            return;
        }
        if (inline.bytes() > done(0)) {
            inline = new Digests(file().sum());
        }
        var buffer = new byte[SUM_BYTES];
        while (inline.bytes() < done(0)) {
            int wanted = (int) Math.min(buffer.length, done(0) - inline.bytes());
            int count = data.read(ByteBuffer.wrap(buffer, 0, wanted), inline.bytes());
            if (count <= 0) {
                throw new IOException(job.data() + " is shorter than its journal says");
            }
            inline.add(buffer, 0, count);
        }
    }

    /** Writes at {@code offset} of a part. Not yet known to followers. */
    void write(int part, long offset, byte[] buffer, int length) throws IOException {
        var bytes = ByteBuffer.wrap(buffer, 0, length);
        long at = layout.start(part) + offset;
        while (bytes.hasRemaining()) {
            at += data.write(bytes, at);
        }
        if (inline != null) {
            inline.add(buffer, 0, length);
        }
    }

    /** The first {@code bytes} of a part are written. */
    void note(int part, long bytes) throws IOException {
        lock.lock();
        try {
            journal.note(part, bytes);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The one part begins again, with nothing of what was there. */
    void restart() throws IOException {
        note(0, 0);
        data.truncate(0);
        resumeSums();
    }

    /** Gives a file in parts up, as its server knows no ranges; true for who says it first. */
    boolean abandon() {
        return abandoned.compareAndSet(false, true);
    }

    boolean abandoned() {
        return abandoned.get();
    }

    /** A part is whole. Returns true if it was the last one. */
    boolean partDone(int part) {
        lock.lock();
        try {
            if (end < 0) {
                end = done(part);
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        return partsLeft.decrementAndGet() == 0;
    }

    /** Nothing more will come: followers fail. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for bytes at a position; how many there are, or 0 at the end. */
    long await(long position) throws IOException, InterruptedException {
        int part = layout.size() < 0 ? 0 : (int) (position / layout.partBytes());
        lock.lockInterruptibly();
        try {
            while (true) {
                if (position == end) {
                    return 0;
                }
                long there = layout.start(part) + done(part) - position;
                if (there > 0) {
                    return there;
                }
                if (stopped || there < 0) {
                    throw new IOException("the file broke off, or began anew");
                }
                moved.await(); // its part's own deadlines end this
            }
        } finally {
            lock.unlock();
        }
    }

    int read(byte[] buffer, int offset, int length, long position) throws IOException {
        return data.read(ByteBuffer.wrap(buffer, offset, length), position);
    }

    /** Of the bytes that were summed up as they came. */
    Sums inlineSums() {
        if (inline == null) {
            throw new IllegalStateException("a follower sums up " + file().path());
        }
        return inline.sums();
    }

    void sync() throws IOException {
        data.force(false);
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            data.close();
        }
    }
}
