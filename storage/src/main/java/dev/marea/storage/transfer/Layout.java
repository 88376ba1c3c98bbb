package dev.marea.storage.transfer;

/**
 * The parts of a file, all of one size but the last.
 *
 * @param size of the file; -1 if nobody knows, and then it is one part
 */
record Layout(long size, long partBytes) {
    /** A file of many parts has a journal of this many entries at most. */
    private static final int PARTS_MAX = 16_384;

    static Layout of(long size, long partBytes) {
        if (size <= partBytes) {
            return whole(size);
        }
        long fewest = (size + PARTS_MAX - 1) / PARTS_MAX;
        return new Layout(size, Math.max(partBytes, fewest));
    }

    static Layout whole(long size) {
        return new Layout(size, Math.max(size, 1));
    }

    int parts() {
        return size <= 0 ? 1 : Math.toIntExact((size + partBytes - 1) / partBytes);
    }

    long start(int part) {
        return part * partBytes;
    }

    /** -1 if nobody knows. */
    long length(int part) {
        return size < 0 ? -1 : Math.min(partBytes, size - start(part));
    }
}
