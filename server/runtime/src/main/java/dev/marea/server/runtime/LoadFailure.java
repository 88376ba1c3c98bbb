package dev.marea.server.runtime;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that cannot become a model: which file, where in it, why, and what to do. The message is
 * for the one who deployed it and goes word for word into the model's status.
 */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String file;
    private final String place;
    private final String reason;
    private final String advice;

    private LoadFailure(String file, String place, String reason, String advice) {
        super(
                file
                        + (place.isEmpty() ? "" : ", " + place)
                        + ": "
                        + reason
                        + (advice.isEmpty() ? "" : "; " + advice));
        this.file = file;
        this.place = place;
        this.reason = reason;
        this.advice = advice;
    }

    public LoadFailure(Path file, String reason, String advice) {
        this(file.toString(), "", reason, advice);
    }

    public static LoadFailure atByte(Path file, long offset, String reason, String advice) {
        return new LoadFailure(file.toString(), "byte " + offset, reason, advice);
    }

    public LoadFailure causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }

    public String file() {
        return file;
    }

    /** For example {@code byte 17}. */
    public Optional<String> place() {
        return place.isEmpty() ? Optional.empty() : Optional.of(place);
    }

    public String reason() {
        return reason;
    }

    /** What to do; may be empty. */
    public String advice() {
        return advice;
    }
}
