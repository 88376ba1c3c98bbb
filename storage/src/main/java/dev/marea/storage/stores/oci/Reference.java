package dev.marea.storage.stores.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a registry keeps under a name.
 *
 * @param label a tag, or a digest such as {@code sha256:...}
 */
public record Reference(String registry, String repository, String label) {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern REPOSITORY =
            Pattern.compile(
                    "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final Pattern REGISTRY =
            Pattern.compile("[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9a-fA-F:]+](?::[0-9]{1,5})?");
    private static final String DOCKERS = "registry-1.docker.io";

    /** Empty if it is no reference; the first part is a registry if it looks like a host. */
    public static Optional<Reference> read(String text) {
        int at = text.indexOf('@');
        var name = at < 0 ? text : text.substring(0, at);
        int slash = name.indexOf('/');
        var first = slash < 0 ? "" : name.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        var registry = host ? first : DOCKERS;
        var path = host ? name.substring(slash + 1) : name;
        int colon = path.lastIndexOf(':');
        var tag = colon < 0 ? "latest" : path.substring(colon + 1);
        var repository = colon < 0 ? path : path.substring(0, colon);
        if (!host && !repository.contains("/")) {
            repository = "library/" + repository;
        }
        var label = at < 0 ? tag : text.substring(at + 1);
        boolean valid =
                (at < 0 ? TAG : DIGEST).matcher(label).matches()
                        && REPOSITORY.matcher(repository).matches()
                        && repository.length() <= 255
                        && REGISTRY.matcher(registry).matches();
        return valid
                ? Optional.of(new Reference(dockers(registry), repository, label))
                : Optional.empty();
    }

    private static String dockers(String registry) {
        return registry.equals("docker.io") || registry.equals("index.docker.io")
                ? DOCKERS
                : registry;
    }

    boolean byDigest() {
        return label.startsWith("sha256:");
    }

    public Reference at(String digest) {
        return new Reference(registry, repository, digest);
    }

    @Override
    public String toString() {
        return registry + "/" + repository + (byDigest() ? "@" : ":") + label;
    }
}
