package dev.marea.server.runtime.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles by hand, opcode by opcode, honest or not. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static PickleBytes pickle() {
        return new PickleBytes();
    }

    PickleBytes op(int opcode) {
        out.write(opcode);
        return this;
    }

    PickleBytes op(int opcode, String argument) {
        return op(opcode).raw(argument.getBytes(StandardCharsets.UTF_8));
    }

    PickleBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    PickleBytes u1(int value) {
        return op(value);
    }

    PickleBytes i4(int value) {
        return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    PickleBytes i8(long value) {
        return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    PickleBytes global(String module, String name) {
        return op(Opcodes.GLOBAL, module + "\n" + name + "\n");
    }

    PickleBytes text(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        return op(Opcodes.BINUNICODE).i4(utf8.length).raw(utf8);
    }

    PickleBytes integer(int value) {
        return op(Opcodes.BININT).i4(value);
    }

    /** {@code dtype(code)}, little-endian. */
    PickleBytes dtype(String code) {
        return global("numpy", "dtype")
                .text(code)
                .op(Opcodes.TUPLE1)
                .op(Opcodes.REDUCE)
                .op(Opcodes.MARK)
                .integer(3)
                .text("<")
                .op(Opcodes.NONE)
                .op(Opcodes.NONE)
                .op(Opcodes.NONE)
                .op(Opcodes.TUPLE)
                .op(Opcodes.BUILD);
    }

    byte[] stop() {
        op(Opcodes.STOP);
        return out.toByteArray();
    }
}
