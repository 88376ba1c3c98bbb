package dev.marea.storage.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** A body in chunks. */
final class ChunkedBody extends InputStream {
    private static final int LINE_CHARS_MAX = 1_024;
    private static final int TRAILERS_MAX = 64;

    private final InputStream in;
    private final Line.End end;
    private long left; // of this chunk
    private boolean begun;
    private boolean over;

    ChunkedBody(InputStream in, Line.End end) {
        this.in = in;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!over && left == 0) {
            next();
        }
        if (over) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the server hung up in the middle of a chunk");
        }
        left -= count;
        return count;
    }

    private void next() throws IOException {
        if (begun && !line().isEmpty()) {
            throw new ProtocolException("a chunk of the answer is longer than it said");
        }
        begun = true;
        var size = line().replaceFirst(";.*", "").strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new ProtocolException("a chunk of the answer has no size");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            over = true;
            trailers();
            end.whole();
        }
    }

    private void trailers() throws IOException {
        for (int i = 0; !line().isEmpty(); i++) {
            if (i == TRAILERS_MAX) {
                throw new ProtocolException("the answer has too many trailers");
            }
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server hung up between two chunks");
            }
            if (next == '\n') {
                return line.toString().strip();
            }
            if (line.length() == LINE_CHARS_MAX) {
                throw new ProtocolException("a line between chunks is too long");
            }
            line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        end.broken();
    }
}
