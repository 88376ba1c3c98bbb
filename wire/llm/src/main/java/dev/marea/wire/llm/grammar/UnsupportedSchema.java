package dev.marea.wire.llm.grammar;

/** A schema that no grammar of ours can hold a model to; the path says where. */
public final class UnsupportedSchema extends Exception {
    private static final long serialVersionUID = 1;

    private final String path;

    public UnsupportedSchema(String path, String message) {
        super(message);
        this.path = path;
    }

    /** Where in the schema, as in {@code properties.name.pattern}; empty for its root. */
    public String path() {
        return path;
    }
}
