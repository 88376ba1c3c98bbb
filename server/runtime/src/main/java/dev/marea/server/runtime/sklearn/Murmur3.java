package dev.marea.server.runtime.sklearn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** MurmurHash3, 32 bits, seed 0: how the library's hashers place a word. */
final class Murmur3 {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    static int hash(byte[] bytes) {
        int hash = 0;
        int blocks = bytes.length / Integer.BYTES;
        var words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < blocks; i++) {
            hash ^= mixed(words.getInt());
            hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = bytes.length - 1; i >= blocks * Integer.BYTES; i--) {
            tail = (tail << Byte.SIZE) | (bytes[i] & 0xff);
        }
        hash ^= mixed(tail);
        return finished(hash ^ bytes.length);
    }

    private static int mixed(int word) {
        return Integer.rotateLeft(word * C1, 15) * C2;
    }

    private static int finished(int hash) {
        int h = (hash ^ hash >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }
}
