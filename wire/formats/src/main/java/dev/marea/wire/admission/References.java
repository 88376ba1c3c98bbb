package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.StorageScheme;
import dev.marea.wire.kserve.StorageUri;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The objects of its own namespace that a manifest makes its pods use. Whoever writes the manifest
 * must be allowed to use them, or the operator would lend its rights.
 */
public final class References {
    /** What may be referred to. */
    public enum Target {
        SECRET("", "secrets"),
        CONFIG_MAP("", "configmaps"),
        CLAIM("", "persistentvolumeclaims"),
        SERVICE_ACCOUNT("", "serviceaccounts"),
        TRIGGER_AUTHENTICATION("keda.sh", "triggerauthentications"),
        RESOURCE_CLAIM("resource.k8s.io", "resourceclaims");

        private final String group;
        private final String plural;

        Target(String group, String plural) {
            this.group = group;
            this.plural = plural;
        }

        public String group() {
            return group;
        }

        public String plural() {
            return plural;
        }
    }

    /**
     * @param field where it stands first
     */
    public record Reference(Target target, String name, String field) {}

    /** The account that every pod has that names none. */
    public static final String DEFAULT_ACCOUNT = "default";

    private static final String PVC = "pvc://";
    private static final String STORAGE_SECRET = "serving.kserve.io/storageSecretName";

    private record Key(Target target, String name) {}

    private final Map<Key, String> found = new LinkedHashMap<>();

    private References() {}

    /** In the order of the manifest, each once. */
    public static List<Reference> of(Json.Obj object) {
        return List.copyOf(all(object).values());
    }

    /** Only what an update refers to for the first time. */
    public static List<Reference> added(Optional<Json.Obj> before, Json.Obj after) {
        var known = before.map(References::all).orElse(Map.of()).keySet();
        var added = new LinkedHashMap<>(all(after));
        added.keySet().removeAll(known);
        return List.copyOf(added.values());
    }

    /** What is fetched with the Secrets of the default account, unless a Secret is named. */
    public static Set<StorageUri.Written> fetchedByDefault(Json.Obj object) {
        var fetched = new LinkedHashSet<StorageUri.Written>();
        if (object.text("metadata", "annotations", STORAGE_SECRET).isPresent()) {
            return fetched;
        }
        for (var pod : PodParts.of(object).pods()) {
            var account = pod.tree().text("serviceAccountName").orElse(DEFAULT_ACCOUNT);
            if (account.equals(DEFAULT_ACCOUNT)) {
                StorageUri.written(pod.tree(), pod.path()).stream()
                        .filter(w -> isFetched(w.uri()))
                        .forEach(fetched::add);
            }
        }
        return fetched;
    }

    private static boolean isFetched(String uri) {
        return !(StorageScheme.of(uri) instanceof StorageScheme.Served(var source))
                || source.fetched();
    }

    private static Map<Key, Reference> all(Json.Obj object) {
        var references = new References();
        var parts = PodParts.of(object);
        references.addCache(object.object("spec"));
        references.add(
                Target.SECRET,
                "metadata.annotations[" + STORAGE_SECRET + "]",
                object.text("metadata", "annotations", STORAGE_SECRET));
        parts.pods().forEach(pod -> references.addPod(pod.path(), pod.tree()));
        parts.containers().forEach(c -> references.addContainer(c.path(), c.tree()));
        var all = new LinkedHashMap<Key, Reference>();
        references.found.forEach(
                (key, field) -> all.put(key, new Reference(key.target(), key.name(), field)));
        return all;
    }

    /** A cache of a namespace downloads with the means of its account. */
    private void addCache(Json.Obj spec) {
        if (spec.has("sourceModelUri") && spec.has("storage")) {
            add(Target.SECRET, "spec.storage", Optional.of(FetchTerms.STORAGE_CONFIG));
        }
    }

    private void addPod(String path, Json.Obj pod) {
        for (var field : List.of("serviceAccountName", "serviceAccount")) {
            addAccount(path + "." + field, pod.text(field));
        }
        addAccount(
                path + ".logger.storage.serviceAccountName",
                pod.text("logger", "storage", "serviceAccountName"));
        each(
                path + ".imagePullSecrets",
                pod.list("imagePullSecrets"),
                (at, secret) -> add(Target.SECRET, at + ".name", secret.text("name")));
        each(path + ".volumes", pod.list("volumes"), this::addVolume);
        each(
                path + ".resourceClaims",
                pod.list("resourceClaims"),
                (at, claim) ->
                        add(
                                Target.RESOURCE_CLAIM,
                                at + ".resourceClaimName",
                                claim.text("resourceClaimName")));
        each(
                path + ".storageUris",
                pod.list("storageUris"),
                (at, storage) -> addUri(at + ".uri", storage.text("uri")));
        each(
                path + ".autoScaling.metrics",
                pod.list("autoScaling", "metrics"),
                (at, metric) ->
                        add(
                                Target.TRIGGER_AUTHENTICATION,
                                at + ".external.authenticationRef.authenticationRef.name",
                                metric.text(
                                        "external",
                                        "authenticationRef",
                                        "authenticationRef",
                                        "name")));
    }

    private void addVolume(String path, Json.Obj volume) {
        add(
                Target.CLAIM,
                path + ".persistentVolumeClaim.claimName",
                volume.text("persistentVolumeClaim", "claimName"));
        add(Target.CONFIG_MAP, path + ".configMap.name", volume.text("configMap", "name"));
        each(
                path + ".projected.sources",
                volume.list("projected", "sources"),
                (at, source) -> {
                    add(Target.SECRET, at + ".secret.name", source.text("secret", "name"));
                    add(
                            Target.CONFIG_MAP,
                            at + ".configMap.name",
                            source.text("configMap", "name"));
                });
        volume.fields().forEach((type, tree) -> addDriver(path + "." + type, tree));
        for (var source : List.of("dataSource", "dataSourceRef")) {
            var tree = volume.object("ephemeral", "volumeClaimTemplate", "spec", source);
            if (tree.text("kind").filter("PersistentVolumeClaim"::equals).isPresent()) {
                add(
                        Target.CLAIM,
                        path + ".ephemeral.volumeClaimTemplate.spec." + source + ".name",
                        tree.text("name"));
            }
        }
    }

    /** The Secrets of a volume, by whatever driver. */
    private void addDriver(String path, Json driver) {
        add(Target.SECRET, path + ".secretName", driver.text("secretName"));
        for (var field : List.of("secretRef", "nodePublishSecretRef")) {
            add(Target.SECRET, path + "." + field + ".name", driver.text(field, "name"));
        }
    }

    private void addContainer(String path, Json.Obj container) {
        each(
                path + ".env",
                container.list("env"),
                (at, variable) -> {
                    addChoice(
                            at + ".valueFrom.secretKeyRef",
                            variable.object("valueFrom", "secretKeyRef"),
                            Target.SECRET);
                    addChoice(
                            at + ".valueFrom.configMapKeyRef",
                            variable.object("valueFrom", "configMapKeyRef"),
                            Target.CONFIG_MAP);
                    if (variable.text("name").filter("STORAGE_URI"::equals).isPresent()) {
                        addUri(at + ".value", variable.text("value"));
                    }
                });
        each(
                path + ".envFrom",
                container.list("envFrom"),
                (at, source) -> {
                    addChoice(at + ".secretRef", source.object("secretRef"), Target.SECRET);
                    addChoice(
                            at + ".configMapRef", source.object("configMapRef"), Target.CONFIG_MAP);
                });
        addUri(path + ".storageUri", container.text("storageUri"));
        if (container.object("storage").has("key")
                || container.object("storage").has("path")
                || (container.has("storage") && container.has("storageUri"))) {
            add(Target.SECRET, path + ".storage", Optional.of(FetchTerms.STORAGE_CONFIG));
        }
    }

    private void addChoice(String path, Json.Obj choice, Target target) {
        add(target, path + ".name", choice.text("name"));
    }

    private void addAccount(String field, Optional<String> name) {
        add(Target.SERVICE_ACCOUNT, field, name.filter(n -> !n.equals(DEFAULT_ACCOUNT)));
    }

    private void addUri(String field, Optional<String> uri) {
        var claim =
                uri.filter(u -> u.regionMatches(true, 0, PVC, 0, PVC.length()))
                        .map(u -> u.substring(PVC.length()))
                        .map(rest ->
                                rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest);
        add(Target.CLAIM, field, claim);
    }

    private void add(Target target, String field, Optional<String> name) {
        name.filter(n -> !n.isEmpty()).ifPresent(n -> found.putIfAbsent(new Key(target, n), field));
    }

    private static void each(String path, List<Json> items, Visit visit) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Json.Obj item) {
                visit.visit("%s[%d]".formatted(path, i), item);
            }
        }
    }

    @FunctionalInterface
    private interface Visit {
        void visit(String path, Json.Obj item);
    }
}
