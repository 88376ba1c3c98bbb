package dev.marea.local.objects;

/** Names one stored object; the namespace is empty for cluster-scoped kinds. */
public record Key(Resource resource, String namespace, String name) {}
