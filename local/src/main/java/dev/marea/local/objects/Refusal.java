package dev.marea.local.objects;

import dev.marea.wire.json.Json;

/** A Kubernetes Status of failure: code, reason (NotFound, Conflict, Invalid ...) and details. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient Json.Obj details;

    public Refusal(int code, String reason, String message, Json.Obj details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public Json.Obj details() {
        return details;
    }

    public boolean notFound() {
        return code == 404;
    }

    public boolean conflict() {
        return code == 409;
    }
}
