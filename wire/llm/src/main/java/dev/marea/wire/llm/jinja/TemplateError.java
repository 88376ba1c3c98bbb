package dev.marea.wire.llm.jinja;

/** A template that cannot be read, or that failed or gave up while it ran. */
public final class TemplateError extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final int line;

    /** Who is to blame. */
    public enum Kind {
        /** The template's text is no template. */
        SYNTAX,
        /** The template did something that its values do not allow. */
        FAILED,
        /** The template itself refused the input, by {@code raise_exception}. */
        RAISED,
        /** The template wanted more steps, depth or output than it may have. */
        OVER_BUDGET
    }

    TemplateError(Kind kind, int line, String message) {
        super(kind == Kind.RAISED ? message : "line " + line + ": " + message);
        this.kind = kind;
        this.line = line;
    }

    public Kind kind() {
        return kind;
    }

    public int line() {
        return line;
    }
}
