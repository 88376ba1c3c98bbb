package dev.marea.wire.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** The one answer to a request: either whole or as a stream. */
public interface Response {
    void send(int status, Map<String, String> headers, byte[] body) throws IOException;

    /**
     * Starts a chunked answer. Every {@code flush} reaches the client; a write blocks while the
     * client is slow, and throws once the client is gone or stalled past the door's limit. Closing
     * it ends the answer.
     */
    OutputStream stream(int status, Map<String, String> headers) throws IOException;

    /** True once the client has gone away; long waits ask it. */
    boolean clientGone();
}
