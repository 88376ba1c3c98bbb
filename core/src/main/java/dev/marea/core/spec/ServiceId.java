package dev.marea.core.spec;

/** Names one InferenceService: its namespace and its name. */
public record ServiceId(String namespace, String name) {
    public ServiceId {
        if (namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "need a namespace and a name, was " + namespace + "/" + name);
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
