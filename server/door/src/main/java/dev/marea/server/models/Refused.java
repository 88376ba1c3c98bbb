package dev.marea.server.models;

/** A request that ends with an error; the message is for the caller. Costs no stack trace. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of error, as HTTP and gRPC number it. */
    public enum Why {
        BAD_INPUT(400, 3),
        NOT_FOUND(404, 5),
        WRONG_METHOD(405, 12),
        TOO_LARGE(413, 8),
        WRONG_MEDIA(415, 3),
        FAILED(500, 13),
        NOT_IMPLEMENTED(501, 12),
        UNAVAILABLE(503, 14),
        LATE(504, 4);

        private final int httpStatus;
        private final int grpcStatus;

        Why(int httpStatus, int grpcStatus) {
            this.httpStatus = httpStatus;
            this.grpcStatus = grpcStatus;
        }

        public int httpStatus() {
            return httpStatus;
        }

        public int grpcStatus() {
            return grpcStatus;
        }
    }

    private final Why why;

    public Refused(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    public static Refused badInput(String message) {
        return new Refused(Why.BAD_INPUT, message);
    }

    public static Refused noModel(String name) {
        return new Refused(Why.NOT_FOUND, "Model with name " + name + " does not exist.");
    }

    public static Refused noVersion(String name, String version) {
        return new Refused(
                Why.NOT_FOUND, "Model with name " + name + " has no version " + version + ".");
    }

    public static Refused notReady(String name) {
        return new Refused(Why.UNAVAILABLE, "Model with name " + name + " is not ready.");
    }

    /** With the reason, which is the model's own. */
    public static Refused notReady(String name, String why) {
        return new Refused(
                Why.UNAVAILABLE, "Model with name " + name + " is not ready: " + why + ".");
    }

    /** It is there, but nobody asked this server to serve it. */
    public static Refused notLoaded(String name) {
        return new Refused(Why.NOT_FOUND, "Model with name " + name + " is not loaded.");
    }

    public static Refused busy(String why) {
        return new Refused(Why.UNAVAILABLE, "The model server is busy: " + why + ".");
    }

    public Why why() {
        return why;
    }

    /** The reason, never absent. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
