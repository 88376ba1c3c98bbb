package dev.marea.wire.kserve;

/**
 * Marea's own container images.
 *
 * @param prefix the registry and path that they are pulled from; empty on one machine
 * @param version Marea's version, their tag
 */
public record OwnImages(String prefix, String version) {
    private static final String MAREA = "marea";

    public OwnImages {
        if (version.isEmpty()) {
            throw new IllegalArgumentException("need a version");
        }
        prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /** Those that need no registry. */
    public static OwnImages of(String version) {
        return new OwnImages("", version);
    }

    /** Operator, gateway, the step that fetches, the agent: one image, a role by its first word. */
    public String marea() {
        return prefix + MAREA + ":" + version;
    }

    public String server() {
        return prefix + ShippedRuntimes.IMAGE + ":" + version;
    }

    /** An image without the registry that ours are pulled from: what it is, wherever it lies. */
    public String withoutPrefix(String image) {
        return image.startsWith(prefix) ? image.substring(prefix.length()) : image;
    }
}
