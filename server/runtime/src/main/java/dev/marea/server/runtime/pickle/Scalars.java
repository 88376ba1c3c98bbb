package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.pickle.Dtype.Layout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Single numpy elements out of bytes; the buffer already has the layout's byte order. */
final class Scalars {
    private Scalars() {}

    static double number(ByteBuffer bytes, int at, Layout layout) {
        if (layout.code() != 'f') {
            long whole = integral(bytes, at, layout);
            return layout.code() == 'u' && whole < 0 ? unsigned(whole) : whole;
        }
        return switch (layout.size()) {
            case 8 -> bytes.getDouble(at);
            case 4 -> bytes.getFloat(at);
            default -> Float.float16ToFloat(bytes.getShort(at));
        };
    }

    static long integral(ByteBuffer bytes, int at, Layout layout) {
        boolean unsigned = layout.code() != 'i';
        return switch (layout.size()) {
            case 8 -> bytes.getLong(at);
            case 4 -> unsigned ? Integer.toUnsignedLong(bytes.getInt(at)) : bytes.getInt(at);
            case 2 -> unsigned ? Short.toUnsignedLong(bytes.getShort(at)) : bytes.getShort(at);
            default -> unsigned ? Byte.toUnsignedLong(bytes.get(at)) : bytes.get(at);
        };
    }

    /** The upper half of 64 bits without sign. */
    static double unsigned(long bits) {
        return (bits >>> 1) * 2.0 + (bits & 1);
    }

    static String text(ByteBuffer bytes, int at, Layout layout) {
        return layout.code() == 'U' ? ucs4(bytes, at, layout.size()) : ascii(bytes, at, layout);
    }

    private static String ucs4(ByteBuffer bytes, int at, int size) {
        var text = new StringBuilder(size / 4);
        int end = at + size;
        while (end > at && bytes.getInt(end - 4) == 0) {
            end -= 4;
        }
        for (int i = at; i < end; i += 4) {
            int code = bytes.getInt(i);
            text.appendCodePoint(Character.isValidCodePoint(code) ? code : '\uFFFD');
        }
        return text.toString();
    }

    private static String ascii(ByteBuffer bytes, int at, Layout layout) {
        int end = at + layout.size();
        while (end > at && bytes.get(end - 1) == 0) {
            end--;
        }
        var raw = new byte[end - at];
        bytes.get(at, raw);
        return new String(raw, StandardCharsets.UTF_8);
    }

    /** A numpy scalar as the plain value it stands for. */
    static PyValue value(ByteBuffer bytes, Layout layout) {
        return switch (layout.code()) {
            case 'b' -> PyValue.Bool.of(bytes.get(0) != 0);
            case 'i', 'u' -> new PyValue.Int(integral(bytes, 0, layout));
            case 'f' -> new PyValue.Real(number(bytes, 0, layout));
            default -> new PyValue.Text(text(bytes, 0, layout));
        };
    }
}
