package dev.marea.server.runtime;

/** A request that does not fit the model: the caller's to mend. Costs no stack trace. */
public final class BadInput extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field the tensor or option at fault, as the caller wrote it
     * @param reason names the limit and what was there instead
     */
    public BadInput(String field, String reason) {
        super("'" + field + "' " + reason, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
