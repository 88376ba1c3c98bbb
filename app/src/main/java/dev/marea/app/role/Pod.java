package dev.marea.app.role;

/** The pod that a role runs in. */
public record Pod(String name, String namespace) {
    public Pod {
        if (name.isEmpty() || namespace.isEmpty()) {
            throw new IllegalArgumentException(
                    "this role runs in a pod: set POD_NAME and POD_NAMESPACE from its metadata.name and metadata.namespace");
        }
    }
}
