package dev.marea.app.cli;

/** A command that could not do its work; the message is for the person who typed it. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final int exitCode;

    Failure(String message) {
        this(message, FAILED);
    }

    private Failure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command line itself asks for what cannot be. */
    static Failure misuse(String message) {
        return new Failure(message, MISUSED);
    }

    int exitCode() {
        return exitCode;
    }
}
