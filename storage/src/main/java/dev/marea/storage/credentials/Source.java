package dev.marea.storage.credentials;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One place that may hold credentials. What stands in one source belongs together: a key id of one
 * Secret is never paired with the key of another.
 *
 * @param annotations of the Secret, such as {@code serving.kserve.io/s3-endpoint}
 */
public record Source(
        Kind kind, String name, Map<String, Sensitive> values, Map<String, String> annotations) {
    /** Who wrote a source; an endpoint is trusted only where the administrator names it. */
    public enum Kind {
        /** An entry of the Secret storage-config, with the manifest's parameters laid over it. */
        STORAGE_SPEC,
        /** A Secret of the service's ServiceAccount, or the one its annotation names. */
        SECRET,
        /** The environment of the fetch step or of {@code marea up}. */
        ENVIRONMENT
    }

    public Source {
        values = Map.copyOf(values);
        annotations = Map.copyOf(annotations);
    }

    static Source environment(Map<String, String> environment) {
        var values = new LinkedHashMap<String, Sensitive>();
        environment.forEach((name, value) ->
                values.put(name, new Sensitive(value, "the environment variable " + name)));
        return new Source(Kind.ENVIRONMENT, "the environment", values, Map.of());
    }

    /** The text fields of a JSON object, as the entries of storage-config are written. */
    static Source spec(String key, Json.Obj fields) {
        var values = new LinkedHashMap<String, Sensitive>();
        var place = "key " + key + " of Secret storage-config";
        fields.fields()
                .forEach((name, value) ->
                        values.put(name, new Sensitive(plain(value), name + " in " + place)));
        return new Source(Kind.STORAGE_SPEC, place, values, Map.of());
    }

    private static String plain(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }

    public boolean administrators() {
        return kind == Kind.ENVIRONMENT;
    }

    /** The first of the names that has a value. */
    public Optional<Sensitive> first(String... names) {
        for (var name : names) {
            var value = values.get(name);
            if (value != null && !value.reveal().isBlank()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** A plain setting: the annotation, or else the first of the names that has a value. */
    public Optional<String> setting(String annotation, String... names) {
        var noted = annotations.get(annotation);
        return noted != null && !noted.isBlank()
                ? Optional.of(noted.strip())
                : first(names).map(value -> value.reveal().strip());
    }

    public boolean has(String... names) {
        for (var name : names) {
            if (first(name).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
