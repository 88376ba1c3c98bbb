package dev.marea.server.runtime.pickle;

/**
 * What a pickle may use. The defaults let real models through (a forest of a thousand deep trees, a
 * vocabulary of a million words) and stop a file that is small and asks for much.
 *
 * @param fileBytesMax the file itself; its arrays are read in place
 * @param objectsMax values made, copies of references included
 * @param stackMax values waiting at once
 * @param copiedBytesMax bytes of text and conversions beyond the file itself
 * @param pickleDepthMax pickles inside pickles (joblib writes object arrays so)
 */
public record PickleLimits(
        long fileBytesMax, int objectsMax, int stackMax, long copiedBytesMax, int pickleDepthMax) {
    /** The most that one Java array holds. */
    private static final long ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8L;

    public static final PickleLimits DEFAULT =
            new PickleLimits(ARRAY_BYTES_MAX, 20_000_000, 2_000_000, 4L << 30, 8);

    public PickleLimits {
        if (fileBytesMax < 1 || fileBytesMax > ARRAY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "need 1 <= fileBytesMax <= " + ARRAY_BYTES_MAX + ", was " + fileBytesMax);
        }
    }

    /** Longest line of protocol 0, and longest module or class name. */
    static final int NAME_BYTES_MAX = 4_096;

    /** Longest integer, in bytes. */
    static final int INTEGER_BYTES_MAX = 4_096;
}
