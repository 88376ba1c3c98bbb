package dev.marea.storage.store;

/** Bytes {@code from} to {@code to}, both included. */
public record ByteRange(long from, long to) {
    public ByteRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("need 0 <= from <= to, was " + from + "-" + to);
        }
    }

    public String header() {
        return "bytes=" + from + "-" + to;
    }
}
