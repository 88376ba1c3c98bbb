package dev.marea.server.runtime.lightgbm;

/**
 * A text that is no LightGBM model. The text may be a file or lie inside a pickle, so that only the
 * one who opened it can name the place in full. Costs no stack trace.
 */
public final class BadModel extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final String reason;

    BadModel(int line, String reason) {
        super("line " + line + ": " + reason, null, false, false);
        this.line = line;
        this.reason = reason;
    }

    /** Where in the text; the first line is 1. */
    public int line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
