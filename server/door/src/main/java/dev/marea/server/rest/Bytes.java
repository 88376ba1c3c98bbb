package dev.marea.server.rest;

import java.nio.ByteBuffer;

/** A part of an array. Not copied. */
record Bytes(byte[] array, int from, int length) {
    static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    Bytes part(int start, int size) {
        if (start < 0 || size < 0 || start > length - size) {
            throw new IllegalArgumentException(start + " + " + size + " of " + length);
        }
        return new Bytes(array, from + start, size);
    }

    int at(int index) {
        return array[from + index] & 0xff;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(array, from, length);
    }
}
