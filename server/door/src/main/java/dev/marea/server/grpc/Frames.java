package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import dev.marea.server.predict.Predictions;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Messages out of a request's body: each stands behind a flag and its length, wherever the body's
 * parts are cut. A message costs memory as it comes in, not as it is announced, and all of it is
 * counted: who gets a message has to release its bytes.
 */
final class Frames {
    private static final int PREFIX = 5;
    private static final int FIRST_BYTES_MAX = 64 << 10;
    private static final byte[] EMPTY = {};

    /** A message as it came in. */
    record Frame(boolean compressed, byte[] bytes) {}

    private final Predictions memory;
    private final int bytesMax;
    private final Deque<ByteBuf> parts = new ArrayDeque<>(2);
    private final byte[] prefix = new byte[PREFIX];
    private int prefixSize;
    private byte @Nullable [] body;
    private int bodySize;
    private int length;

    Frames(Predictions memory, int bytesMax) {
        this.memory = memory;
        this.bytesMax = bytesMax;
    }

    /** Keeps a part of the body until {@link #next} needs it. */
    void add(ByteBuf part) {
        if (part.isReadable()) {
            parts.add(part.retain());
        }
    }

    /** The next whole message, where there is one. */
    Optional<Frame> next() throws Refused {
        while (!parts.isEmpty()) {
            var part = parts.element();
            boolean whole = take(part);
            if (!part.isReadable()) {
                parts.remove().release();
            }
            if (whole) {
                return Optional.of(frame());
            }
        }
        return Optional.empty();
    }

    /** Whether all that came in has been given out. */
    boolean isEmpty() {
        return parts.isEmpty() && prefixSize == 0;
    }

    /** Refuses a body that ended inside a message. */
    void checkEnd() throws Refused {
        if (body != null) {
            throw Refused.badInput(
                    "the request ended after %d of a message's %d bytes"
                            .formatted(bodySize, length));
        }
        if (prefixSize > 0) {
            throw Refused.badInput("the request ended inside a message's length");
        }
    }

    /** Forgets everything. */
    void drop() {
        while (!parts.isEmpty()) {
            parts.remove().release();
        }
        memory.release(bodySize);
        body = null;
        bodySize = 0;
        prefixSize = 0;
    }

    private boolean take(ByteBuf part) throws Refused {
        var to = body;
        if (to == null) {
            int more = Math.min(PREFIX - prefixSize, part.readableBytes());
            part.readBytes(prefix, prefixSize, more);
            prefixSize += more;
            if (prefixSize < PREFIX) {
                return false;
            }
            to = begin();
        }
        int more = Math.min(length - bodySize, part.readableBytes());
        if (more > 0) {
            to = room(to, bodySize + more);
            reserve(memory, more);
            part.readBytes(to, bodySize, more);
            bodySize += more;
        }
        body = to;
        return bodySize == length;
    }

    private byte[] begin() throws Refused {
        if (prefix[0] != 0 && prefix[0] != 1) {
            throw Refused.badInput("a message begins with the flag " + prefix[0] + ", not 0 or 1");
        }
        long announced =
                (prefix[1] & 0xffL) << 24
                        | (prefix[2] & 0xff) << 16
                        | (prefix[3] & 0xff) << 8
                        | (prefix[4] & 0xff);
        if (announced > bytesMax) {
            throw tooLarge(announced, bytesMax);
        }
        length = (int) announced;
        return length == 0 ? EMPTY : new byte[Math.min(length, FIRST_BYTES_MAX)];
    }

    private byte[] room(byte[] from, int wanted) {
        return wanted <= from.length
                ? from
                : Arrays.copyOf(from, (int) Math.min(length, Math.max(wanted, from.length * 2L)));
    }

    private Frame frame() {
        var bytes = body == null ? EMPTY : body;
        body = null;
        bodySize = 0;
        prefixSize = 0;
        return new Frame(prefix[0] == 1, bytes);
    }

    static void reserve(Predictions memory, int bytes) throws Refused {
        if (!memory.reserve(bytes)) {
            throw Refused.busy("request bodies fill the memory that is kept for them");
        }
    }

    static Refused tooLarge(long bytes, int bytesMax) {
        return new Refused(
                Refused.Why.TOO_LARGE,
                "a message of %d bytes is larger than the %d that are taken"
                        .formatted(bytes, bytesMax));
    }
}
