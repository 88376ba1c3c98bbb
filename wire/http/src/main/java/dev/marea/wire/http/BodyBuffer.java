package dev.marea.wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Arrays;

/**
 * A request's body while it comes in. Grows with what has really come: a large Content-Length alone
 * reserves little. The door has already bounded the whole.
 */
public final class BodyBuffer {
    private static final int FIRST_BYTES_MAX = 16 << 10;

    /** The body of a request that has none; nothing may be added. */
    public static final BodyBuffer NONE = new BodyBuffer(0);

    private byte[] bytes;
    private int size;

    private BodyBuffer(int room) {
        bytes = new byte[room];
    }

    public static BodyBuffer of(CheckedRequest head) {
        var declared = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        long length = declared == null ? FIRST_BYTES_MAX : Long.parseLong(declared);
        return new BodyBuffer((int) Math.min(length, FIRST_BYTES_MAX));
    }

    public void add(ByteBuf part) {
        int more = part.readableBytes();
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
        part.getBytes(part.readerIndex(), bytes, size, more);
        size += more;
    }

    public int size() {
        return size;
    }

    public byte[] bytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
