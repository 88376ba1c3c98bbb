package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.StorageSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Gives a pod's fetch steps what they need to reach their stores: Secrets as files that no other
 * container of the pod sees, what objects say beside them, and what earlier replicas of the
 * revision have resolved. What Secrets hold may change without a new revision; which ones there are
 * may not.
 *
 * @param asked of the service's author; the administrator's word makes no revision
 * @param trust that both have
 */
record FetchAccess(
        String service,
        StorageAccess access,
        ModelTrust asked,
        ModelTrust trust,
        Json.Obj predictor) {
    private static final String SECRET = "marea-secret-";
    private static final String AUTHORITY = "marea-ca-";
    private static final String CONFIG = "marea-storage-config";
    private static final String PINS = "marea-pins";
    private static final String REVISION = "MAREA_REVISION";
    private static final String CA_ANNOTATION = "serving.kserve.io/s3-cabundle-configmap";

    /** Whether anything is fetched for a pod. */
    static boolean isIn(Json template) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> template.list("spec", list).stream())
                .anyMatch(FetchAccess::isStep);
    }

    private static boolean isStep(Json container) {
        return container
                .text("name")
                .filter(name ->
                        name.equals(SharedRepository.AGENT) || name.startsWith(ModelMount.STEP))
                .isPresent();
    }

    /** What of this makes a revision; nothing where nothing was said. */
    Json.Obj identity() {
        var basis = new LinkedHashMap<String, Object>();
        var secrets = access.secrets().stream().map(StorageAccess.Named::name).toList();
        if (!secrets.isEmpty()) {
            basis.put("secrets", secrets);
        }
        if (!access.told().nothing()) {
            basis.put("told", access.told().write());
        }
        spec().ifPresent(spec -> {
            basis.put("keys", spec.keys());
            basis.put("parameters", new TreeMap<>(spec.parameters()));
        });
        asked.ifAny().ifPresent(t -> basis.put("signatures", List.of(t.policy(), t.signers())));
        return (Json.Obj) Json.of(basis);
    }

    Json.Obj over(Json.Obj template) {
        if (!isIn(template)) {
            return template;
        }
        var pod = template.object("spec");
        for (var list : List.of("initContainers", "containers")) {
            var containers = new ArrayList<Json>();
            for (var container : pod.list(list)) {
                containers.add(
                        isStep(container) && container instanceof Json.Obj step
                                ? equipped(step)
                                : container);
            }
            pod = containers.isEmpty() ? pod : pod.with(list, new Json.Arr(containers));
        }
        var volumes = volumes(pod.list("initContainers").stream().anyMatch(FetchAccess::pinned));
        return volumes.isEmpty()
                ? template.with("spec", pod)
                : template.with("spec", Merge.objects(pod, Json.Obj.of("volumes", volumes)));
    }

    private Json.Obj equipped(Json.Obj step) {
        var mounts = mounts(pinned(step));
        var env = environment(pinned(step));
        var mounted =
                mounts.isEmpty() ? step : Merge.objects(step, Json.Obj.of("volumeMounts", mounts));
        var given = env.isEmpty() ? mounted : Merge.objects(Json.Obj.of("env", env), mounted);
        return ModelMount.isOurs(step) || access.secrets().isEmpty()
                ? given
                : given.with("envFrom", new Json.Arr(variables(given)));
    }

    /** A step of ours that fetches what the manifest names; an agent is told by others. */
    private static boolean pinned(Json step) {
        return ModelMount.isOurs(step)
                && step.text("name").filter(ModelMount.STEP::equals).isPresent()
                && !step.list("args").contains(Json.of("agent"));
    }

    /** A container of others reads variables, as KServe's does. */
    private List<Json> variables(Json.Obj step) {
        var sources = new ArrayList<>(step.list("envFrom"));
        for (var secret : access.secrets()) {
            sources.add(
                    Json.Obj.of("secretRef", Json.Obj.of("name", secret.name(), "optional", true)));
        }
        return sources;
    }

    private Optional<StorageSpec> spec() {
        return StorageSpec.of(predictor);
    }

    /** Optional all of them: a store says better what is missing than a pod that never starts. */
    private List<Json.Obj> volumes(boolean pinned) {
        var volumes = new ArrayList<Json.Obj>();
        for (int i = 0; i < access.secrets().size(); i++) {
            var source = secret(access.secrets().get(i).name());
            volumes.add(Json.Obj.of("name", SECRET + (i + 1), "secret", source));
        }
        spec().ifPresent(spec -> {
            var items = spec.keys().stream().map(k -> Json.Obj.of("key", k, "path", k)).toList();
            var source = secret(FetchTerms.STORAGE_CONFIG).with("items", Json.of(items));
            volumes.add(Json.Obj.of("name", CONFIG, "secret", source));
        });
        var authorities = authorities();
        for (int i = 0; i < authorities.size(); i++) {
            volumes.add(configMap(AUTHORITY + (i + 1), authorities.get(i)));
        }
        if (pinned) {
            volumes.add(configMap(PINS, Names.pins(service)));
        }
        return volumes;
    }

    private static Json.Obj secret(String name) {
        return Json.Obj.of("secretName", name, "optional", true);
    }

    private static Json.Obj configMap(String volume, String name) {
        return Json.Obj.of(
                "name", volume, "configMap", Json.Obj.of("name", name, "optional", true));
    }

    private List<Json.Obj> mounts(boolean pinned) {
        var mounts = new ArrayList<Json.Obj>();
        for (int i = 0; i < access.secrets().size(); i++) {
            var name = access.secrets().get(i).name();
            mounts.add(mount(SECRET + (i + 1), FetchTerms.SECRETS_DIRECTORY + "/" + name));
        }
        if (spec().isPresent()) {
            var place = FetchTerms.SECRETS_DIRECTORY + "/" + FetchTerms.STORAGE_CONFIG;
            mounts.add(mount(CONFIG, place));
        }
        var authorities = authorities();
        for (int i = 0; i < authorities.size(); i++) {
            var place = FetchTerms.AUTHORITIES_DIRECTORY + "/" + authorities.get(i);
            mounts.add(mount(AUTHORITY + (i + 1), place));
        }
        if (pinned) {
            mounts.add(mount(PINS, FetchTerms.PINS_DIRECTORY));
        }
        return mounts;
    }

    private static Json.Obj mount(String volume, String path) {
        return Json.Obj.of("name", volume, "mountPath", path, "readOnly", true);
    }

    /** ConfigMaps that Secrets or the account name. */
    private List<String> authorities() {
        var named = new TreeSet<String>();
        access.secrets().stream()
                .flatMap(s -> Optional.ofNullable(s.annotations().get(CA_ANNOTATION)).stream())
                .forEach(named::add);
        Optional.ofNullable(access.account().get(CA_ANNOTATION)).ifPresent(named::add);
        return List.copyOf(named);
    }

    private List<Json.Obj> environment(boolean pinned) {
        var env = new LinkedHashMap<String, String>();
        if (!access.secrets().isEmpty() || spec().isPresent()) {
            env.put(FetchTerms.SECRETS, FetchTerms.SECRETS_DIRECTORY);
        }
        if (!authorities().isEmpty()) {
            env.put(FetchTerms.AUTHORITIES, FetchTerms.AUTHORITIES_DIRECTORY);
        }
        if (!access.told().nothing()) {
            env.put(FetchTerms.TOLD, access.told().write());
        }
        spec().ifPresent(spec -> {
            env.put(FetchTerms.KEY, String.join(",", spec.keys()));
            if (!spec.parameters().isEmpty()) {
                env.put(
                        FetchTerms.PARAMETERS,
                        JsonWriter.text(Json.of(new TreeMap<>(spec.parameters()))));
            }
        });
        env.putAll(patterns());
        trust.ifAny()
                .ifPresent(t -> {
                    env.put(FetchTerms.SIGNATURES, t.policy());
                    env.put(FetchTerms.SIGNERS, t.signers());
                });
        var all = new ArrayList<Json.Obj>();
        if (pinned) {
            all.add(revision());
            env.put(FetchTerms.PINS, FetchTerms.PINS_DIRECTORY + "/$(" + REVISION + ")");
        }
        env.forEach((name, value) -> all.add(Json.Obj.of("name", name, "value", value)));
        return all;
    }

    private static Json.Obj revision() {
        var field = "metadata.labels['" + Names.REVISION_LABEL + "']";
        var source = Json.Obj.of("fieldRef", Json.Obj.of("fieldPath", field));
        return Json.Obj.of("name", REVISION, "valueFrom", source);
    }

    /** What the model's container is told of them, the step is told too. */
    private Map<String, String> patterns() {
        var patterns = new LinkedHashMap<String, String>();
        Stream.concat(
                        predictor.object("model").list("env").stream(),
                        predictor.list("containers").stream().flatMap(c -> c.list("env").stream()))
                .forEach(variable -> {
                    var name = variable.text("name").orElse("");
                    if (name.equals(FetchTerms.ALLOW_PATTERNS)
                            || name.equals(FetchTerms.IGNORE_PATTERNS)) {
                        variable.text("value").ifPresent(value -> patterns.put(name, value));
                    }
                });
        return patterns;
    }
}
