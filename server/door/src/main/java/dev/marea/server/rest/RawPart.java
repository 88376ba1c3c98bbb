package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import java.nio.ByteBuffer;

/** The bytes behind a request's JSON: the binary inputs, one after the other. */
final class RawPart {
    private final boolean announced;
    private final ByteBuffer bytes;

    private RawPart(boolean announced, ByteBuffer bytes) {
        this.announced = announced;
        this.bytes = bytes;
    }

    /** Of a request that is JSON alone. */
    static RawPart none() {
        return new RawPart(false, ByteBuffer.allocate(0));
    }

    static RawPart of(Bytes bytes) {
        return new RawPart(true, bytes.buffer());
    }

    /** The next bytes, which are this input's. Nothing is copied. */
    ByteBuffer take(String input, long size) throws Refused {
        if (!announced) {
            throw Refused.badInput(
                    "input '%s' is binary, but the header Inference-Header-Content-Length is missing"
                            .formatted(input));
        }
        if (size < 0 || size > bytes.remaining()) {
            throw Refused.badInput(
                    "input '%s' has the binary_data_size %d, but %d bytes are left in the body"
                            .formatted(input, size, bytes.remaining()));
        }
        var part = bytes.slice(bytes.position(), (int) size);
        bytes.position(bytes.position() + (int) size);
        return part;
    }

    void checkUsed() throws Refused {
        if (bytes.hasRemaining()) {
            throw Refused.badInput(
                    "the body has %d bytes after the last binary input"
                            .formatted(bytes.remaining()));
        }
    }
}
