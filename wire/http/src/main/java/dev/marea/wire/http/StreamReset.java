package dev.marea.wire.http;

import java.io.IOException;

/** The server ended a stream before its answer was whole; the connection lives on. */
public final class StreamReset extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean unprocessed;

    StreamReset(String message, boolean unprocessed) {
        super(message);
        this.unprocessed = unprocessed;
    }

    /** Whether the server says that it did nothing: the request may be sent again, anywhere. */
    public boolean unprocessed() {
        return unprocessed;
    }
}
