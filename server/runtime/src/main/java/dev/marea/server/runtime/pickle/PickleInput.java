package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A cursor over a pickle's bytes that knows which opcode is being read, so that every failure can
 * say where. A length is checked against what is left before anything is made of it.
 */
final class PickleInput {
    private static final String DAMAGED = "the file is damaged or not a pickle: save it again";

    private final Path file;
    private final byte[] bytes;
    private final ByteBuffer little;
    private int at;
    private int opcodeAt;
    private int opcode = -1;

    PickleInput(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
        this.little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int length() {
        return bytes.length;
    }

    int remaining() {
        return bytes.length - at;
    }

    /** Where the opcode that is being read began. */
    int offset() {
        return opcodeAt;
    }

    int opcode() throws LoadFailure {
        opcodeAt = at;
        opcode = -1;
        if (at >= bytes.length) {
            throw refusal("the file ends where an opcode is due (truncated?)", DAMAGED);
        }
        opcode = bytes[at++] & 0xff;
        return opcode;
    }

    int u1() throws LoadFailure {
        return bytes[take(1)] & 0xff;
    }

    int u2() throws LoadFailure {
        return Short.toUnsignedInt(little.getShort(take(2)));
    }

    int i4() throws LoadFailure {
        return little.getInt(take(4));
    }

    long u4() throws LoadFailure {
        return Integer.toUnsignedLong(i4());
    }

    long i8() throws LoadFailure {
        return little.getLong(take(8));
    }

    double bigEndianDouble() throws LoadFailure {
        return Double.longBitsToDouble(Long.reverseBytes(i8()));
    }

    /** A window on the next bytes. Lengths above the file, or negative, are refused here. */
    PyValue.Blob blob(long length) throws LoadFailure {
        if (length < 0 || length > remaining()) {
            throw truncated(length);
        }
        return new PyValue.Blob(bytes, take((int) length), (int) length);
    }

    /** A text line of protocol 0, without its end. */
    String line() throws LoadFailure {
        int start = at;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        if (at >= bytes.length) {
            throw refusal("the file ends inside a line (truncated?)", DAMAGED);
        }
        int end = at++;
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** A line that must be short: a name or a number. */
    String shortLine() throws LoadFailure {
        var line = line();
        if (line.length() > PickleLimits.NAME_BYTES_MAX) {
            throw refusal(
                    "a line of %d bytes where %d are the most"
                            .formatted(line.length(), PickleLimits.NAME_BYTES_MAX),
                    DAMAGED);
        }
        return line;
    }

    /** A little-endian two's complement integer of any length within reason. */
    PyValue integer(long length) throws LoadFailure {
        if (length > PickleLimits.INTEGER_BYTES_MAX) {
            throw refusal(
                    "an integer of %d bytes where %d are the most"
                            .formatted(length, PickleLimits.INTEGER_BYTES_MAX),
                    DAMAGED);
        }
        var blob = blob(length);
        var bigEndian = new byte[blob.length()];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = blob.bytes()[blob.from() + blob.length() - 1 - i];
        }
        return whole(bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian));
    }

    /** A decimal integer of protocol 0. */
    PyValue integer(String digits) throws LoadFailure {
        try {
            return whole(new BigInteger(digits.strip()));
        } catch (NumberFormatException malformed) {
            throw refusal("'" + shown(digits) + "' is no integer", DAMAGED);
        }
    }

    double real(String digits) throws LoadFailure {
        try {
            return Double.parseDouble(
                    switch (digits.strip()) {
                        case "inf" -> "Infinity";
                        case "-inf" -> "-Infinity";
                        case "nan" -> "NaN";
                        case String other -> other;
                    });
        } catch (NumberFormatException malformed) {
            throw refusal("'" + shown(digits) + "' is no number", DAMAGED);
        }
    }

    private static PyValue whole(BigInteger value) {
        return value.bitLength() < Long.SIZE
                ? new PyValue.Int(value.longValue())
                : new PyValue.BigInt(value);
    }

    private int take(int count) throws LoadFailure {
        if (count > remaining()) {
            throw truncated(count);
        }
        int start = at;
        at += count;
        return start;
    }

    private LoadFailure truncated(long wanted) {
        return refusal(
                "wants %s bytes where %d are left (truncated?)"
                        .formatted(
                                wanted < 0 ? Long.toUnsignedString(wanted) : wanted, remaining()),
                DAMAGED);
    }

    LoadFailure damaged(String reason) {
        return refusal(reason, DAMAGED);
    }

    /** A failure at the opcode that is being read. */
    LoadFailure refusal(String reason, String advice) {
        var where = opcode < 0 ? "" : "opcode " + Opcodes.name(opcode) + ": ";
        return LoadFailure.atByte(file, opcodeAt, where + reason, advice);
    }

    static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
