package dev.marea.server;

/** A request that ends with an error; the message is for the caller. Costs no stack trace. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Refused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static Refused badInput(String message) {
        return new Refused(400, message);
    }

    static Refused noModel(String name) {
        return new Refused(404, "Model with name " + name + " does not exist.");
    }

    static Refused notReady(String name) {
        return new Refused(503, "Model with name " + name + " is not ready.");
    }

    Reply reply() {
        var reply = Reply.error(status, String.valueOf(getMessage()));
        return status == 503 ? reply.with("retry-after", "1") : reply;
    }
}
