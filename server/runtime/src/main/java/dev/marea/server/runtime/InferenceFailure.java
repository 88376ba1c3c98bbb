package dev.marea.server.runtime;

/** A model that fails on inputs that fit it: neither the caller's fault nor ours. */
public final class InferenceFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InferenceFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
