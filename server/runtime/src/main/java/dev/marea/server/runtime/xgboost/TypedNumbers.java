package dev.marea.server.runtime.xgboost;

import java.nio.ByteBuffer;

/**
 * A typed array of UBJSON, left where it lies in the file.
 *
 * @param type the marker of its elements
 * @param bytes exactly its elements, big-endian
 */
record TypedNumbers(char type, ByteBuffer bytes, int count) implements Value.Numbers {
    /** Bytes of one element; 0 for a marker that is no number. */
    static int size(char type) {
        return switch (type) {
            case 'i', 'U' -> 1;
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> 0;
        };
    }

    @Override
    public float real(int index) {
        return switch (type) {
            case 'd' -> bytes.getFloat(index * 4);
            case 'D' -> (float) bytes.getDouble(index * 8);
            default -> whole(index);
        };
    }

    @Override
    public long whole(int index) {
        return switch (type) {
            case 'i' -> bytes.get(index);
            case 'U' -> bytes.get(index) & 0xff;
            case 'I' -> bytes.getShort(index * 2);
            case 'l' -> bytes.getInt(index * 4);
            case 'L' -> bytes.getLong(index * 8);
            default -> (long) real(index);
        };
    }
}
