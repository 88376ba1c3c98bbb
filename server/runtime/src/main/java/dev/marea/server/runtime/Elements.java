package dev.marea.server.runtime;

/**
 * A tensor's elements, flat and row-major, in the plain array that holds its datatype: nothing is
 * boxed. The arrays are not copied: who hands one over no longer writes to it.
 *
 * <p>Unsigned types share the array of the signed type of their width, bit for bit; FP16 and BF16
 * are kept as their 16 bits; BYTES are text where every element is UTF-8, else blobs.
 */
public sealed interface Elements {
    record Bools(boolean[] values) implements Elements {}

    record Bytes(byte[] values) implements Elements {}

    record Shorts(short[] values) implements Elements {}

    record Ints(int[] values) implements Elements {}

    record Longs(long[] values) implements Elements {}

    record Floats(float[] values) implements Elements {}

    record Doubles(double[] values) implements Elements {}

    record Texts(String[] values) implements Elements {
        /**
         * Stands for a value that is not there, as JSON's null does. It is half of a surrogate
         * pair, which no text of a request can be: that would not be UTF-8.
         */
        public static final String MISSING = "\uDC00";
    }

    /** Byte strings of which at least one is not UTF-8, such as images. */
    record Blobs(byte[][] values) implements Elements {}

    default int length() {
        return switch (this) {
            case Bools(var values) -> values.length;
            case Bytes(var values) -> values.length;
            case Shorts(var values) -> values.length;
            case Ints(var values) -> values.length;
            case Longs(var values) -> values.length;
            case Floats(var values) -> values.length;
            case Doubles(var values) -> values.length;
            case Texts(var values) -> values.length;
            case Blobs(var values) -> values.length;
        };
    }

    /** Whether elements of this datatype are kept in this kind of array. */
    default boolean fits(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> this instanceof Bools;
            case INT8, UINT8 -> this instanceof Bytes;
            case INT16, UINT16, FP16, BF16 -> this instanceof Shorts;
            case INT32, UINT32 -> this instanceof Ints;
            case INT64, UINT64 -> this instanceof Longs;
            case FP32 -> this instanceof Floats;
            case FP64 -> this instanceof Doubles;
            case BYTES -> this instanceof Texts || this instanceof Blobs;
        };
    }
}
