package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Little-endian numbers, one after the other; every count is held against the bytes left. */
final class BinaryInput {
    private final ModelBytes source;
    private final ByteBuffer in;

    BinaryInput(ModelBytes source, int from) {
        this.source = source;
        this.in =
                ByteBuffer.wrap(source.bytes(), from, Math.max(0, source.to() - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Eight bytes that are known to be there. */
    long peekLong() {
        return in.getLong(in.position());
    }

    int whole() throws LoadFailure {
        return needed(4).getInt();
    }

    float real() throws LoadFailure {
        return needed(4).getFloat();
    }

    void skip(int bytes) throws LoadFailure {
        needed(bytes).position(in.position() + bytes);
    }

    private ByteBuffer needed(int bytes) throws LoadFailure {
        if (bytes > in.remaining()) {
            throw failure("needs %d bytes where %d are left".formatted(bytes, in.remaining()));
        }
        return in;
    }

    /** A count that was read, of things that take at least this many bytes each. */
    int count(String what, long count, int bytesEach) throws LoadFailure {
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw failure("%d %s where %d bytes are left".formatted(count, what, in.remaining()));
        }
        return (int) count;
    }

    /** The count that comes next, in eight bytes. */
    int length(String what, int bytesEach) throws LoadFailure {
        return count(what, needed(8).getLong(), bytesEach);
    }

    String text() throws LoadFailure {
        var bytes = new byte[length("characters", 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    int[] wholes(int count) throws LoadFailure {
        var wholes = new int[count("numbers", count, 4)];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = in.getInt();
        }
        return wholes;
    }

    float[] reals() throws LoadFailure {
        var reals = new float[length("numbers", 4)];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = in.getFloat();
        }
        return reals;
    }

    LoadFailure failure(String reason) {
        return source.failure(
                in.position(), "damaged binary model: " + reason, "save the model again");
    }
}
