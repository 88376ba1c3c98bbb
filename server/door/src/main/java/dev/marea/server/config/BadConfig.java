package dev.marea.server.config;

/** A configuration that cannot be followed; the message begins with the line. */
public final class BadConfig extends Exception {
    private static final long serialVersionUID = 1;

    BadConfig(int line, String reason) {
        super("line " + line + ": " + reason, null, false, false);
    }
}
