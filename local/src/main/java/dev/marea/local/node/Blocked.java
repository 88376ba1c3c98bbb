package dev.marea.local.node;

/** Why a container cannot start now; it waits with this reason, and is tried again. */
final class Blocked extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Blocked(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    static Blocked config(String message) {
        return new Blocked("CreateContainerConfigError", message);
    }

    String reason() {
        return reason;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
