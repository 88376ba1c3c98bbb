package dev.marea.kubernetes.feed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of a chunked answer, its head passed over. */
final class Unchunked extends FilterInputStream {
    private boolean headRead;
    private boolean first = true;
    private int left;
    private boolean ended;

    Unchunked(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        if (!more()) {
            return -1;
        }
        left--;
        return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (!more()) {
            return -1;
        }
        int read = in.read(bytes, from, Math.min(length, left));
        left -= Math.max(0, read);
        return read;
    }

    /** What can be read without waiting for another chunk. */
    @Override
    public int available() throws IOException {
        return Math.min(left, in.available());
    }

    private boolean more() throws IOException {
        while (!headRead) {
            headRead = line().isEmpty();
        }
        if (left == 0 && !ended) {
            if (!first) {
                line();
            }
            first = false;
            left = Integer.parseInt(line(), 16);
            ended = left == 0;
        }
        return !ended;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
