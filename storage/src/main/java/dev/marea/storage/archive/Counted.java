package dev.marea.storage.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts the packed bytes that were read. */
final class Counted extends FilterInputStream {
    private long count;
    private boolean broken;

    Counted(InputStream in) {
        super(in);
    }

    long count() {
        return count;
    }

    /** True if it could not be read on. */
    boolean broken() {
        return broken;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            int read = super.read(buffer, offset, length);
            count += Math.max(0, read);
            return read;
        } catch (IOException failed) {
            broken = true;
            throw failed;
        }
    }
}
