package dev.marea.storage.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length was told. */
final class SizedBody extends InputStream {
    private final InputStream in;
    private final Line.End end;
    private long left;

    SizedBody(InputStream in, long length, Line.End end) throws IOException {
        this.in = in;
        this.left = length;
        this.end = end;
        if (length == 0) {
            end.whole();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the server hung up " + left + " bytes before the end");
        }
        left -= count;
        if (left == 0) {
            end.whole();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        end.broken();
    }
}
