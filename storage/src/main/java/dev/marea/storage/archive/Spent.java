package dev.marea.storage.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/** One entry's content; every byte of it is counted against the budget of the whole archive. */
final class Spent extends FilterInputStream {
    private final String archive;
    private final String entry;
    private final Budget budget;
    private final LongSupplier packed;
    private final long before;
    private long count;

    /**
     * @param before bytes that earlier entries came to
     * @param packed how many packed bytes were read so far
     */
    Spent(
            InputStream in,
            String archive,
            String entry,
            Budget budget,
            long before,
            LongSupplier packed) {
        super(in);
        this.archive = archive;
        this.entry = entry;
        this.budget = budget;
        this.before = before;
        this.packed = packed;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            count += read;
            budget.check(archive, entry, packed.getAsLong(), before + count);
        }
        return read;
    }

    /** The archive goes on. */
    @Override
    public void close() {}
}
