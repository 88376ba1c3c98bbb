package dev.marea.app.cli;

/** A command that could not do its work; the message is for the person who typed it. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message);
    }
}
