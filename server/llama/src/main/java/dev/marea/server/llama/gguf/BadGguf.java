package dev.marea.server.llama.gguf;

import java.io.IOException;

/** A file that is no GGUF, or a damaged one; the message says what and where. */
public final class BadGguf extends IOException {
    private static final long serialVersionUID = 1;

    BadGguf(String message) {
        super(message);
    }
}
