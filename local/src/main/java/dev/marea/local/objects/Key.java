package dev.marea.local.objects;

/** Names one stored object; the namespace is empty for cluster-scoped kinds. */
public record Key(Resource resource, String namespace, String name) {
    public static Key namespace(String name) {
        return new Key(Resource.NAMESPACE, "", name);
    }

    @Override
    public String toString() {
        return resource.qualified() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
