package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON while it is written: into one growing array, which its thread uses again and again. */
final class JsonOut {
    private static final int BYTES_MAX = 256 << 20;

    private static final int FIRST_BYTES = 4 << 10;
    private static final int KEPT_BYTES_MAX = 1 << 20;
    private static final int NUMBER_BYTES_MAX = 32;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    /** Doubles are whole below this, with all their digits. */
    private static final double WHOLE_LIMIT = 1e15;

    /** Powers of ten by which short decimals become whole; all of them are exact. */
    private static final double[] SCALES = {1e1, 1e2, 1e4, 1e6};

    private static final int[] SCALE_DIGITS = {1, 2, 4, 6};

    private static final ThreadLocal<JsonOut> OF_THREAD = ThreadLocal.withInitial(JsonOut::new);

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;
    private int bytesMax;

    private JsonOut() {}

    /** An empty one, this thread's until it is finished. */
    static JsonOut begin() {
        return begin(BYTES_MAX);
    }

    static JsonOut begin(int bytesMax) {
        var out = OF_THREAD.get();
        out.size = 0;
        out.bytesMax = bytesMax;
        return out;
    }

    static byte[] ascii(String literal) {
        return literal.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] finish() {
        var whole = Arrays.copyOf(bytes, size);
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[FIRST_BYTES];
        }
        size = 0;
        return whole;
    }

    private void reserve(int more) throws Refused {
        if (more > bytes.length - size) {
            long wanted = (long) size + more;
            if (wanted > bytesMax) {
                throw new Refused(
                        Refused.Why.FAILED,
                        "The answer is larger than %d bytes; ask for fewer rows, or for binary data."
                                .formatted(bytesMax));
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(bytesMax, Math.max(wanted, 2L * size)));
        }
    }

    /** What is JSON already. */
    JsonOut raw(byte[] json) throws Refused {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
        return this;
    }

    JsonOut raw(char ascii) throws Refused {
        reserve(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    JsonOut nothing() throws Refused {
        return raw(NULL);
    }

    JsonOut bool(boolean value) throws Refused {
        return raw(value ? TRUE : FALSE);
    }

    JsonOut number(long value) throws Refused {
        reserve(NUMBER_BYTES_MAX);
        if (value == Long.MIN_VALUE) {
            return plain("-9223372036854775808");
        }
        long rest = value;
        if (value < 0) {
            bytes[size++] = '-';
            rest = -value;
        }
        digits(rest, 1);
        return this;
    }

    JsonOut unsigned(long value) throws Refused {
        return value >= 0 ? number(value) : plain(Long.toUnsignedString(value));
    }

    /** The digits of a number that is not negative, with zeros in front up to a width. */
    private void digits(long value, int width) {
        int count = 1;
        for (long ten = 10; count < 18 && value >= ten; ten *= 10) {
            count++;
        }
        if (value >= 1_000_000_000_000_000_000L) {
            count = 19;
        }
        count = Math.max(count, width);
        long rest = value;
        for (int at = size + count - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += count;
    }

    /** The shortest decimal that is read as this number again; null where JSON has no word. */
    JsonOut number(double value) throws Refused {
        double magnitude = Math.abs(value);
        if (!(magnitude < WHOLE_LIMIT)) {
            return Double.isFinite(value) ? plain(Double.toString(value)) : nothing();
        }
        reserve(NUMBER_BYTES_MAX);
        if (Double.doubleToRawLongBits(value) < 0) {
            bytes[size++] = '-';
        }
        long whole = (long) magnitude;
        if (whole == magnitude) {
            digits(whole, 1);
            bytes[size++] = '.';
            bytes[size++] = '0';
            return this;
        }
        if (!shortDecimal(magnitude)) {
            plain(Double.toString(magnitude));
        }
        return this;
    }

    /**
     * Few digits behind the point: a decimal of up to fifteen digits that is read as this number is
     * the shortest one. Small numbers are left to the general way, which writes an exponent.
     */
    private boolean shortDecimal(double magnitude) {
        if (magnitude < 1e-3 || magnitude >= 1e7) {
            return false;
        }
        for (int i = 0; i < SCALES.length; i++) {
            double scale = SCALES[i];
            double scaled = Math.rint(magnitude * scale);
            if (scaled / scale == magnitude) {
                decimal((long) scaled, (long) scale, SCALE_DIGITS[i]);
                return true;
            }
        }
        return false;
    }

    private void decimal(long scaled, long scale, int places) {
        digits(scaled / scale, 1);
        bytes[size++] = '.';
        digits(scaled % scale, places);
        while (bytes[size - 1] == '0') {
            size--;
        }
    }

    /** Not by way of double: 0.1f is 0.1, not 0.10000000149011612. */
    JsonOut number(float value) throws Refused {
        int whole = (int) value;
        if (whole == value && Math.abs(whole) < 10_000_000) {
            return number((double) value);
        }
        return Float.isFinite(value) ? plain(Float.toString(value)) : nothing();
    }

    private JsonOut plain(String ascii) throws Refused {
        int length = ascii.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) ascii.charAt(i);
        }
        size += length;
        return this;
    }

    /** A string in quotes. */
    JsonOut text(String text) throws Refused {
        int length = text.length();
        // Three bytes a character hold everything but escapes, which look for themselves.
        reserve(2 + 3 * Math.min(length, BYTES_MAX / 3));
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                bytes[size++] = (byte) c;
            } else {
                i += special(text, i, length - i);
            }
        }
        bytes[size++] = '"';
        return this;
    }

    /** Writes one character that is not plain; answers how many more of the text it took. */
    private int special(String text, int at, int left) throws Refused {
        reserve(6 + 2 + 3 * Math.min(left, BYTES_MAX / 3));
        char c = text.charAt(at);
        if (c < 0x80) {
            escape(c);
        } else if (c < 0x800) {
            bytes[size++] = (byte) (0xc0 | (c >> 6));
            bytes[size++] = (byte) (0x80 | (c & 0x3f));
        } else if (Character.isHighSurrogate(c)
                && left > 1
                && Character.isLowSurrogate(text.charAt(at + 1))) {
            int point = Character.toCodePoint(c, text.charAt(at + 1));
            bytes[size++] = (byte) (0xf0 | (point >> 18));
            bytes[size++] = (byte) (0x80 | ((point >> 12) & 0x3f));
            bytes[size++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            bytes[size++] = (byte) (0x80 | (point & 0x3f));
            return 1;
        } else {
            // Half a pair cannot be written; a model's own text is its to mend.
            char written = Character.isSurrogate(c) ? '\ufffd' : c;
            bytes[size++] = (byte) (0xe0 | (written >> 12));
            bytes[size++] = (byte) (0x80 | ((written >> 6) & 0x3f));
            bytes[size++] = (byte) (0x80 | (written & 0x3f));
        }
        return 0;
    }

    private void escape(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            default -> {
                // A control character below the space.
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[c >> 4];
                bytes[size++] = HEX[c & 0xf];
            }
        }
    }
}
