package dev.marea.storage.signing;

import dev.marea.wire.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a statement says of a model: the digest of each of its files.
 *
 * @param files SHA-256 in hex, by path
 * @param ignored paths that the signer left out, with all that lies below them
 */
record DigestManifest(Map<String, String> files, List<String> ignored) {
    private static final String TYPE = "application/vnd.in-toto+json";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int NAMED_MAX = 3;

    static DigestManifest of(Envelope envelope) throws UntrustedModel {
        if (!envelope.type().equals(TYPE)) {
            throw new UntrustedModel(
                    "its signature is over \"%s\" and not over %s"
                            .formatted(envelope.type(), TYPE));
        }
        var statement = envelope.statement();
        var predicate = statement.text("predicateType").orElse("");
        if (!predicate.equals(PREDICATE)) {
            throw new UntrustedModel(
                    "its signature speaks of \"%s\"; only %s is known"
                            .formatted(predicate, PREDICATE));
        }
        var manifest = read(statement.object("predicate"));
        var root = statement.list("subject").stream().findFirst();
        var named = root.flatMap(s -> s.text("digest", "sha256")).orElse("");
        if (!named.equals(manifest.root())) {
            throw new UntrustedModel(
                    "its signed statement is about another list of files than the one in it");
        }
        return manifest;
    }

    private static DigestManifest read(Json.Obj predicate) throws UntrustedModel {
        var serialization = predicate.object("serialization");
        var method = serialization.text("method").orElse("");
        var hash = serialization.text("hash_type").orElse("sha256");
        if (!method.equals("files") || !hash.equals("sha256")) {
            throw new UntrustedModel(
                    "its files were digested by %s of %s; only sha256 of files is known, sign it with --hash-algorithm sha256 and without shards"
                            .formatted(hash, method));
        }
        var files = new LinkedHashMap<String, String>();
        for (var resource : predicate.list("resources")) {
            var name = resource.text("name").orElse("");
            var digest = resource.text("digest").orElse("");
            if (name.isEmpty() || !SHA256.matcher(digest).matches()) {
                throw new UntrustedModel("its signed statement has no digest of " + name);
            }
            if (files.put(name, digest) != null) {
                throw new UntrustedModel("its signed statement names %s twice".formatted(name));
            }
        }
        var ignored = new ArrayList<String>();
        for (var path : serialization.list("ignore_paths")) {
            if (path instanceof Json.Str(var text)) {
                ignored.add(text);
            }
        }
        return new DigestManifest(files, ignored);
    }

    /** The digest of all digests, in their order. */
    private String root() {
        try {
            var all = MessageDigest.getInstance("SHA-256");
            files.values().forEach(digest -> all.update(HexFormat.of().parseHex(digest)));
            return HexFormat.of().formatHex(all.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Compares with the files that are there, by the digests that they were found to have.
     *
     * @param signature the path of the signature itself
     */
    void requireSame(Map<String, String> there, String signature) throws UntrustedModel {
        var extra = new TreeMap<>(there);
        extra.keySet().removeIf(path -> path.equals(signature) || isIgnored(path));
        extra.keySet().removeAll(files.keySet());
        var missing = new TreeSet<>(files.keySet());
        missing.removeAll(there.keySet());
        var changed = new TreeSet<String>();
        files.forEach((path, digest) -> {
            if (there.containsKey(path) && !digest.equals(there.get(path))) {
                changed.add(path);
            }
        });
        refuse(changed, "is not what was signed");
        refuse(missing, "was signed and is not there");
        refuse(extra.keySet(), "is there and was not signed");
    }

    private boolean isIgnored(String path) {
        return ignored.stream()
                .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private static void refuse(Set<String> paths, String what) throws UntrustedModel {
        if (!paths.isEmpty()) {
            var some = paths.stream().limit(NAMED_MAX).toList();
            var more = paths.size() - some.size();
            throw new UntrustedModel(
                    "%s %s%s"
                            .formatted(
                                    String.join(", ", some),
                                    what,
                                    more == 0 ? "" : " (and %d more)".formatted(more)));
        }
    }
}
