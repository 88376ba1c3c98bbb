package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model's {@code storage} block: which entry of the Secret storage-config describes its store.
 *
 * @param key of the Secret; empty for its default
 * @param path inside the store; empty beside a storageUri, which says it all
 * @param parameters over those of the entry
 */
public record StorageSpec(
        Optional<String> key, Optional<String> path, Map<String, String> parameters) {
    private static final String FIELD = "storage";
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

    /** They would stand in the manifest for everybody who may read it. */
    private static final Set<String> SECRET =
            Set.of(
                    "access_key_id",
                    "secret_access_key",
                    "session_token",
                    "password",
                    "token",
                    "TLS_KEY",
                    "KERBEROS_KEYTAB");

    public StorageSpec {
        parameters = Map.copyOf(parameters);
    }

    public static Optional<StorageSpec> of(Json.Obj predictor) {
        var model = predictor.object("model");
        if (!model.has(FIELD)) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        model.object(FIELD, "parameters")
                .fields()
                .forEach((name, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        parameters.put(name, text);
                    }
                });
        return Optional.of(
                new StorageSpec(
                        given(model.text(FIELD, "key")),
                        given(model.text(FIELD, "path")),
                        parameters));
    }

    private static Optional<String> given(Optional<String> text) {
        return text.filter(t -> !t.isEmpty());
    }

    /** What a fetch step is asked for where no storageUri says it. */
    public String uri() {
        return FetchTerms.SPEC_SCHEME
                + key.orElse("")
                + "/"
                + path.orElse("").replaceFirst("^/+", "");
    }

    /** The keys of the Secret that may describe the store, the first one that is there. */
    public List<String> keys() {
        return key.map(List::of)
                .orElseGet(() ->
                        Optional.ofNullable(parameters.get("type"))
                                .map(type -> List.of("default_" + type, "default"))
                                .orElse(List.of("default")));
    }

    static void check(Json.Obj predictor, String path, Problems problems) {
        var spec = of(predictor);
        if (spec.isEmpty()) {
            return;
        }
        var at = path + ".model." + FIELD;
        spec.get()
                .key()
                .filter(key -> !KEY.matcher(key).matches())
                .ifPresent(key ->
                        problems.invalid(
                                at + ".key", "\"" + key + "\" cannot be the key of a Secret"));
        boolean uri = predictor.text("model", "storageUri").isPresent();
        if (uri && spec.get().path().isPresent()) {
            problems.forbidden(at + ".path", "stands beside storageUri, which has a path already");
        } else if (!uri && spec.get().path().isEmpty()) {
            problems.missing(at + ".path", "is missing; it says where in the store the model lies");
        }
        if (!predictor.list("storageUris").isEmpty()) {
            problems.forbidden(at, "stands beside storageUris; give their store by a Secret");
        }
        spec.get().path().ifPresent(p -> checkPath(p, at + ".path", problems));
        spec.get().parameters().keySet().stream()
                .filter(SECRET::contains)
                .forEach(name ->
                        problems.forbidden(
                                "%s.parameters[%s]".formatted(at, name),
                                "belongs into the Secret storage-config, not into a manifest"));
    }

    private static void checkPath(String path, String field, Problems problems) {
        if (path.chars().anyMatch(Character::isISOControl)
                || List.of(path.replace('\\', '/').split("/", -1)).contains("..")) {
            problems.invalid(field, "must not have \"..\" or control characters in it");
        } else if (path.contains("://")) {
            problems.invalid(field, "is a path inside the store; give a whole URI as storageUri");
        }
    }
}
