package dev.marea.storage.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * How much of each part is in the file. It is written in place, eight bytes a part and after the
 * bytes that it speaks of, so that a process may end between any two of them. A crash of the whole
 * machine may lose bytes that it speaks of; then the digest tells, and the file comes anew.
 */
final class Journal implements Closeable {
    private static final int HEAD_BYTES = 128;

    private final @Nullable FileChannel file;
    private final AtomicLongArray done;

    private Journal(@Nullable FileChannel file, AtomicLongArray done) {
        this.file = file;
        this.done = done;
    }

    /** For a file that is too small to be resumed, or has no version to resume by. */
    static Journal none(Layout layout) {
        return new Journal(null, new AtomicLongArray(layout.parts()));
    }

    /** Opens what is there, if it is of the same layout; else begins anew. */
    static Journal open(Path path, Layout layout) throws IOException {
        var file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            var journal = new Journal(file, new AtomicLongArray(layout.parts()));
            if (!journal.read(file, layout)) {
                journal.begin(file, layout);
            }
            return journal;
        } catch (IOException failed) {
            file.close();
            throw failed;
        }
    }

    private static byte[] head(Layout layout) {
        var text = "marea parts 1 %d %d".formatted(layout.size(), layout.partBytes());
        return Arrays.copyOf(text.getBytes(US_ASCII), HEAD_BYTES);
    }

    private boolean read(FileChannel from, Layout layout) throws IOException {
        var bytes = ByteBuffer.allocate(HEAD_BYTES + Long.BYTES * layout.parts());
        if (from.size() != bytes.capacity()) {
            return false;
        }
        while (bytes.hasRemaining()) {
            if (from.read(bytes, bytes.position()) < 0) {
                return false;
            }
        }
        if (!Arrays.equals(bytes.array(), 0, HEAD_BYTES, head(layout), 0, HEAD_BYTES)) {
            return false;
        }
        for (int part = 0; part < layout.parts(); part++) {
            long length = layout.length(part);
            long noted = bytes.getLong(HEAD_BYTES + Long.BYTES * part);
            if (noted < 0 || (length >= 0 && noted > length)) {
                return false;
            }
            done.set(part, noted);
        }
        return true;
    }

    private void begin(FileChannel to, Layout layout) throws IOException {
        to.truncate(0);
        for (int part = 0; part < layout.parts(); part++) {
            done.set(part, 0);
        }
        var bytes = ByteBuffer.allocate(HEAD_BYTES + Long.BYTES * layout.parts());
        bytes.put(head(layout)).position(0);
        write(to, bytes, 0);
    }

    long done(int part) {
        return done.get(part);
    }

    long done() {
        long sum = 0;
        for (int part = 0; part < done.length(); part++) {
            sum += done.get(part);
        }
        return sum;
    }

    /** One thread a part notes, after the bytes are written. */
    void note(int part, long bytes) throws IOException {
        done.set(part, bytes);
        if (file != null) {
            write(
                    file,
                    ByteBuffer.allocate(Long.BYTES).putLong(0, bytes),
                    HEAD_BYTES + (long) Long.BYTES * part);
        }
    }

    private static void write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes, at + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
