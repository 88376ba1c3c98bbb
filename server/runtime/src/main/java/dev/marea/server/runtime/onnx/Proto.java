package dev.marea.server.runtime.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** Protobuf's wire format, as far as copying and replacing fields needs it. */
final class Proto {
    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 5;

    private Proto() {}

    /** One field where it lies: its tag, and what follows it. */
    record Field(byte[] in, int number, int from, int valueFrom, int to) {
        byte[] bytes() {
            return Arrays.copyOfRange(in, valueFrom, to);
        }

        /** The fields of a message inside, where they lie. */
        List<Field> fields() {
            return Proto.fields(in, valueFrom, to);
        }

        long value() {
            return new Cursor(in, valueFrom, to).varint();
        }

        /** Numbers that may be packed into one field, or come one by one. */
        void numbers(LongConsumer each) {
            var cursor = new Cursor(in, valueFrom, to);
            while (cursor.at < to) {
                each.accept(cursor.varint());
            }
        }

        String text() {
            return new String(in, valueFrom, to - valueFrom, StandardCharsets.UTF_8);
        }
    }

    /**
     * The fields of a message that ONNX Runtime has already read once.
     *
     * @throws IllegalArgumentException where it is damaged all the same
     */
    static List<Field> fields(byte[] message) {
        return fields(message, 0, message.length);
    }

    private static List<Field> fields(byte[] message, int start, int end) {
        var fields = new ArrayList<Field>();
        var cursor = new Cursor(message, start, end);
        while (cursor.at < end) {
            int from = cursor.at;
            long tag = cursor.varint();
            int valueFrom =
                    switch ((int) (tag & 7)) {
                        case VARINT -> cursor.past(() -> cursor.varint());
                        case EIGHT_BYTES -> cursor.skip(8);
                        case FOUR_BYTES -> cursor.skip(4);
                        case LENGTH -> cursor.skip(cursor.varint());
                        default -> throw cursor.damaged();
                    };
            fields.add(new Field(message, (int) (tag >>> 3), from, valueFrom, cursor.at));
        }
        return fields;
    }

    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int at;

        Cursor(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at >= end) {
                    throw damaged();
                }
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw damaged();
        }

        int past(Runnable reading) {
            int from = at;
            reading.run();
            return from;
        }

        int skip(long length) {
            if (length < 0 || length > end - at) {
                throw damaged();
            }
            int from = at;
            at += (int) length;
            return from;
        }

        IllegalArgumentException damaged() {
            return new IllegalArgumentException("a damaged field at byte " + at);
        }
    }

    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer copy(Field field) {
            out.write(field.in, field.from, field.to - field.from);
            return this;
        }

        Writer number(int field, long value) {
            varint((long) field << 3 | VARINT);
            varint(value);
            return this;
        }

        Writer bytes(int field, byte[] value) {
            varint((long) field << 3 | LENGTH);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Writer text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        byte[] toBytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
