package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Texts that llama.cpp hands over as pointers to bytes with a zero at their end. */
final class NativeText {
    private NativeText() {}

    /** Reads to the zero, or as far as the limit: a long line is cut, not refused. */
    static String read(MemorySegment pointer, int bytesMax) {
        if (pointer.address() == 0) {
            return "";
        }
        var bytes = pointer.reinterpret(bytesMax);
        int length = 0;
        while (length < bytesMax && bytes.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return new String(bytes.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
