package dev.marea.server.tensors;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Elements;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BYTES elements, each behind its length in four bytes. */
public final class RawStrings {
    private static final int PREFIX = Integer.BYTES;
    private static final byte[] EMPTY = {};

    private final byte[] bytes;
    private final int[] starts;
    private final int[] lengths;

    private RawStrings(byte[] bytes, int[] starts, int[] lengths) {
        this.bytes = bytes;
        this.starts = starts;
        this.lengths = lengths;
    }

    /** Every length is checked before one element is made. */
    static Elements read(String name, int[] shape, int count, ByteBuffer from) throws Refused {
        long least = (long) count * PREFIX;
        if (least > from.remaining()) {
            throw Refused.badInput(
                    "input '%s' of shape %s needs at least %d bytes, has %d"
                            .formatted(name, Arrays.toString(shape), least, from.remaining()));
        }
        var bytes = new byte[from.remaining()];
        from.get(from.position(), bytes);
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var starts = new int[count];
        var lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = length(name, i, in);
            starts[i] = in.position();
            in.position(starts[i] + lengths[i]);
        }
        if (in.hasRemaining()) {
            throw Refused.badInput(
                    "input '%s' of shape %s has %d bytes after its last element"
                            .formatted(name, Arrays.toString(shape), in.remaining()));
        }
        return new RawStrings(bytes, starts, lengths).elements();
    }

    private static int length(String name, int index, ByteBuffer in) throws Refused {
        if (in.remaining() < PREFIX) {
            throw Refused.badInput(
                    "input '%s': element %d has no length, only %d bytes are left"
                            .formatted(name, index, in.remaining()));
        }
        long length = Integer.toUnsignedLong(in.getInt());
        if (length > in.remaining()) {
            throw Refused.badInput(
                    "input '%s': element %d says %d bytes, only %d are left"
                            .formatted(name, index, length, in.remaining()));
        }
        return (int) length;
    }

    /** Text where all of it is UTF-8. */
    private Elements elements() {
        var texts = new String[starts.length];
        for (int i = 0; i < texts.length; i++) {
            var text = text(bytes, starts[i], lengths[i]);
            if (text == null) {
                return blobs();
            }
            texts[i] = text;
        }
        return new Elements.Texts(texts);
    }

    private Elements blobs() {
        var blobs = new byte[starts.length][];
        for (int i = 0; i < blobs.length; i++) {
            blobs[i] = Arrays.copyOfRange(bytes, starts[i], starts[i] + lengths[i]);
        }
        return new Elements.Blobs(blobs);
    }

    /** Null where it is no UTF-8. */
    private static @Nullable String text(byte[] bytes, int from, int length) {
        if (length == 0) {
            return "";
        }
        var text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 || isUtf8(bytes, from, length) ? text : null;
    }

    private static boolean isUtf8(byte[] bytes, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    /** Elements that came one by one: text where all of it is UTF-8. */
    public static Elements elements(byte[][] values) {
        var texts = new String[values.length];
        for (int i = 0; i < texts.length; i++) {
            var text = text(values[i], 0, values[i].length);
            if (text == null) {
                return new Elements.Blobs(values);
            }
            texts[i] = text;
        }
        return new Elements.Texts(texts);
    }

    static byte[] write(String[] values) {
        var bytes = new byte[values.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes(values[i]);
        }
        return write(bytes);
    }

    /** A missing text has no bytes: raw tensors know no null. */
    public static byte[] bytes(String text) {
        return text.equals(Elements.Texts.MISSING) ? EMPTY : text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] write(byte[][] values) {
        long size = 0;
        for (var value : values) {
            size += PREFIX + value.length;
        }
        var out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            out.putInt(value.length).put(value);
        }
        return out.array();
    }
}
