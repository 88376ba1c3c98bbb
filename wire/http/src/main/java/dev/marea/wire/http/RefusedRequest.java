package dev.marea.wire.http;

/** Ends the reading of a request; the message tells the client what to change. */
final class RefusedRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    RefusedRequest(Refusal refusal, String message) {
        super(message, null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
