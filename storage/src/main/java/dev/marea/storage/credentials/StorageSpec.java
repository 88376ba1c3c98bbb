package dev.marea.storage.credentials;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * KServe's storage spec: an entry of the Secret storage-config, with the manifest's {@code
 * parameters} laid over it, says which store a path is in and how to be let in.
 */
public record StorageSpec(String key, Json.Obj fields) {
    private static final Set<String> WITH_BUCKET = Set.of("s3", "gs");
    private static final Set<String> WITHOUT = Set.of("hdfs", "webhdfs", "hf");

    /**
     * The entry of the first key that is there; without a key, there is no storage spec.
     *
     * @param keys with commas between
     */
    static Optional<StorageSpec> read(Map<String, String> entries, String keys, String parameters)
            throws IOException {
        if (keys.isBlank()) {
            return Optional.empty();
        }
        var all = List.of(keys.split("\\s*,\\s*"));
        var key = all.stream().filter(entries::containsKey).findFirst().orElse(all.getFirst());
        var text = entries.get(key);
        var overrides = parameters.isBlank() ? Json.Obj.EMPTY : object("parameters", parameters);
        if (text == null && overrides.isEmpty()) {
            throw new IOException(
                    "the Secret storage-config has no key %s, which storage.key names%s"
                            .formatted(key, present(entries)));
        }
        var entry =
                text == null ? Json.Obj.EMPTY : object("key " + key + " of storage-config", text);
        for (var override : overrides.fields().entrySet()) {
            entry = entry.with(override.getKey(), override.getValue());
        }
        return Optional.of(new StorageSpec(key, entry));
    }

    private static String present(Map<String, String> entries) {
        return entries.isEmpty() ? "" : "; it has " + String.join(", ", entries.keySet());
    }

    private static Json.Obj object(String what, String text) throws IOException {
        try {
            if (JsonReader.read(text) instanceof Json.Obj object) {
                return object;
            }
        } catch (JsonReader.MalformedJson secretText) {
            // Its message may quote the text, which is a secret.
        }
        throw new IOException(what + " is no JSON object such as {\"type\": \"s3\", ...}");
    }

    /** Puts scheme and bucket before the path of {@code storage-config://KEY/PATH}. */
    String resolve(String uri) throws IOException {
        var rest = uri.substring(FetchTerms.SPEC_SCHEME.length());
        int slash = rest.indexOf('/');
        var path = slash < 0 ? "" : rest.substring(slash + 1);
        var type = need("type");
        if (WITH_BUCKET.contains(type)) {
            return type + "://" + need("bucket") + "/" + path;
        }
        if (WITHOUT.contains(type)) {
            return type + "://" + path;
        }
        throw new IOException(
                "type \"%s\" in key %s of Secret storage-config is not known; write s3, gs, hf, hdfs or webhdfs"
                        .formatted(type, key));
    }

    private String need(String field) throws IOException {
        if (fields.fields().get(field) instanceof Json.Str(var text) && !text.isBlank()) {
            return text;
        }
        throw new IOException(
                "key %s of Secret storage-config has no \"%s\"; add it there or to storage.parameters"
                        .formatted(key, field));
    }

    public Source source() {
        return Source.spec(key, fields);
    }

    /** Its fields are secrets. */
    @Override
    public String toString() {
        return "StorageSpec[" + key + "]";
    }
}
