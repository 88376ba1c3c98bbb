package dev.marea.server.llama.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks through a file; every length is compared with the bytes that are left before it is used.
 */
final class Cursor {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private long position;

    Cursor(MemorySegment file) {
        this.file = file;
    }

    long position() {
        return position;
    }

    long left() {
        return file.byteSize() - position;
    }

    int int32(String what) throws BadGguf {
        return file.get(INT, taken(4, what));
    }

    short int16(String what) throws BadGguf {
        return file.get(SHORT, taken(2, what));
    }

    byte int8(String what) throws BadGguf {
        return file.get(ValueLayout.JAVA_BYTE, taken(1, what));
    }

    long int64(String what) throws BadGguf {
        return file.get(LONG, taken(8, what));
    }

    /** A length or count, which is unsigned in the file: none beyond a long's range is real. */
    long length(String what, long most) throws BadGguf {
        long length = int64(what);
        if (length < 0 || length > most) {
            throw new BadGguf(
                    "%s is %s, at most %d is possible here (at byte %d)"
                            .formatted(what, Long.toUnsignedString(length), most, position - 8));
        }
        return length;
    }

    String text(String what, int most) throws BadGguf {
        long length = length(what + "'s length", Math.min(most, left() - 8));
        var bytes = file.asSlice(taken(length, what), length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw new BadGguf(what + " is no UTF-8 (at byte " + (position - length) + ")");
        }
    }

    void skip(long bytes, String what) throws BadGguf {
        taken(bytes, what);
    }

    private long taken(long bytes, String what) throws BadGguf {
        if (bytes > left()) {
            throw new BadGguf("the file ends within %s (at byte %d)".formatted(what, position));
        }
        long at = position;
        position += bytes;
        return at;
    }
}
