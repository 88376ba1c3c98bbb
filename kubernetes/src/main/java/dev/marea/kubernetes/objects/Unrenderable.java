package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Reason;

/** A manifest that no pod can be made of; the message says what to change. */
public final class Unrenderable extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String why;

    Unrenderable(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.why = message;
    }

    public Reason reason() {
        return reason;
    }

    public String why() {
        return why;
    }
}
