package dev.marea.storage.signing;

/** A model that nobody we trust vouches for; the message says what is wrong with its signature. */
public final class UntrustedModel extends Exception {
    private static final long serialVersionUID = 1;

    UntrustedModel(String message) {
        super(message);
    }
}
