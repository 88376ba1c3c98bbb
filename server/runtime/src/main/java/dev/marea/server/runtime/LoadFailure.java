package dev.marea.server.runtime;

import java.nio.file.Path;

/**
 * A file that cannot become a model: which file, where in it, why, and what to do. The message is
 * for the one who deployed it and goes word for word into the model's status.
 */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    private LoadFailure(String place, String reason, String advice) {
        super(place + ": " + reason + (advice.isEmpty() ? "" : "; " + advice));
    }

    public LoadFailure(Path file, String reason, String advice) {
        this(file.toString(), reason, advice);
    }

    public static LoadFailure atByte(Path file, long offset, String reason, String advice) {
        return new LoadFailure(file + ", byte " + offset, reason, advice);
    }

    /** As {@link #atByte}, in a file of text; the first line is 1. */
    public static LoadFailure atLine(Path file, long line, String reason, String advice) {
        return new LoadFailure(file + ", line " + line, reason, advice);
    }

    public LoadFailure causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
