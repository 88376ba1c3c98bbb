package dev.marea.storage.stores.oci;

import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what a tag names down to the one manifest with layers, by digest from then on. */
record Manifests(Registry registry) {
    static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String DOCKER_INDEX =
            "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String DOCKER_MANIFEST =
            "application/vnd.docker.distribution.manifest.v2+json";
    private static final String ACCEPT =
            String.join(", ", OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST);

    /**
     * A manifest.
     *
     * @param digest of what the tag names, an index if it names one
     */
    record Found(String digest, Json manifest) {}

    Found find() throws FetchFailure, InterruptedException {
        var label = registry.reference().label();
        var first = read(label);
        var inside = first.manifest().list("manifests");
        return inside.isEmpty()
                ? first
                : new Found(first.digest(), read(chosen(inside)).manifest());
    }

    private Found read(String label) throws FetchFailure, InterruptedException {
        var talk = registry.talk();
        var answer =
                talk.ok(() -> registry.request(registry.manifest(label)).header("Accept", ACCEPT));
        var digest = digest(answer.body());
        if (label.startsWith("sha256:") && !label.equals(digest)) {
            throw FetchFailure.passing(
                    "%s: the registry sent a manifest with the digest %s for %s"
                            .formatted(talk.subject(), digest, label));
        }
        try {
            return new Found(digest, JsonReader.read(answer.body()));
        } catch (JsonReader.MalformedJson bad) {
            throw FetchFailure.passing(talk.subject() + ": the manifest " + digest + " is no JSON");
        }
    }

    /** The one for this machine, or the first that is for any. */
    private String chosen(List<Json> manifests) throws FetchFailure {
        var arch = System.getProperty("os.arch", "amd64").toLowerCase(Locale.ROOT);
        var ours = arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch;
        return manifests.stream()
                .filter(one -> one.text("platform", "architecture").orElse("").equals(ours))
                .findFirst()
                .or(() -> manifests.stream().filter(Manifests::anywhere).findFirst())
                .flatMap(one -> one.text("digest"))
                .filter(digest -> digest.startsWith("sha256:"))
                .orElseThrow(() ->
                        FetchFailure.lasting(
                                registry.talk().subject() + " has no image for linux/" + ours));
    }

    private static boolean anywhere(Json manifest) {
        return manifest.at("platform").isEmpty()
                || Optional.of("amd64").equals(manifest.text("platform", "architecture"));
    }

    static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
