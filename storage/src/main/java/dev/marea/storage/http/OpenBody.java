package dev.marea.storage.http;

import java.io.IOException;
import java.io.InputStream;

/** A body that ends with its connection: nobody can tell that it was cut, but by its size. */
final class OpenBody extends InputStream {
    private final InputStream in;
    private final Line.End end;

    OpenBody(InputStream in, Line.End end) {
        this.in = in;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        end.broken();
    }
}
