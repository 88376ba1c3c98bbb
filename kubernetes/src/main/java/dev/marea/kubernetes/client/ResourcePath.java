package dev.marea.kubernetes.client;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a kind lives in the API, and the words by which people call it. */
public record ResourcePath(
        String group,
        String version,
        String plural,
        String kind,
        boolean namespaced,
        List<String> aliases) {
    public static final ResourcePath INFERENCE_SERVICE =
            new ResourcePath(
                    "serving.kserve.io",
                    "v1beta1",
                    "inferenceservices",
                    "InferenceService",
                    true,
                    List.of("inferenceservice", "isvc", "service", "services", "svc"));
    public static final ResourcePath POD =
            new ResourcePath("", "v1", "pods", "Pod", true, List.of("pod", "po"));

    private static final List<ResourcePath> KNOWN =
            List.of(
                    INFERENCE_SERVICE,
                    new ResourcePath(
                            "serving.kserve.io",
                            "v1alpha1",
                            "servingruntimes",
                            "ServingRuntime",
                            true,
                            List.of("servingruntime", "runtime", "runtimes")),
                    new ResourcePath(
                            "serving.kserve.io",
                            "v1alpha1",
                            "clusterservingruntimes",
                            "ClusterServingRuntime",
                            false,
                            List.of("clusterservingruntime", "csr")),
                    new ResourcePath(
                            "serving.kserve.io",
                            "v1alpha1",
                            "trainedmodels",
                            "TrainedModel",
                            true,
                            List.of("trainedmodel", "tm")),
                    models("clusterstoragecontainers", "ClusterStorageContainer", false, "csc"),
                    models("localmodelcaches", "LocalModelCache", false, "lmc"),
                    models("localmodelnamespacecaches", "LocalModelNamespaceCache", true, "lmnc"),
                    models("localmodelnodegroups", "LocalModelNodeGroup", false, "lmng"),
                    models("localmodelnodes", "LocalModelNode", false, "lmn"),
                    POD,
                    new ResourcePath("", "v1", "events", "Event", true, List.of("event", "ev")),
                    new ResourcePath(
                            "", "v1", "namespaces", "Namespace", false, List.of("namespace", "ns")),
                    new ResourcePath("", "v1", "secrets", "Secret", true, List.of("secret")),
                    new ResourcePath(
                            "", "v1", "configmaps", "ConfigMap", true, List.of("configmap", "cm")),
                    new ResourcePath(
                            "",
                            "v1",
                            "persistentvolumeclaims",
                            "PersistentVolumeClaim",
                            true,
                            List.of("persistentvolumeclaim", "pvc")),
                    new ResourcePath(
                            "apps",
                            "v1",
                            "deployments",
                            "Deployment",
                            true,
                            List.of("deployment", "deploy")),
                    new ResourcePath(
                            "apps",
                            "v1",
                            "controllerrevisions",
                            "ControllerRevision",
                            true,
                            List.of("controllerrevision", "revision", "revisions")));

    private static ResourcePath models(
            String plural, String kind, boolean namespaced, String alias) {
        return new ResourcePath(
                "serving.kserve.io",
                "v1alpha1",
                plural,
                kind,
                namespaced,
                List.of(kind.toLowerCase(Locale.ROOT), alias));
    }

    public ResourcePath {
        aliases = List.copyOf(aliases);
    }

    /** The kind that a person means by a word such as {@code isvc} or {@code pods}. */
    public static Optional<ResourcePath> named(String word) {
        var wanted = word.toLowerCase(Locale.ROOT);
        return KNOWN.stream()
                .filter(r -> r.plural.equals(wanted) || r.aliases.contains(wanted))
                .findFirst();
    }

    public static List<String> words() {
        return KNOWN.stream()
                .flatMap(r ->
                        java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(r.plural), r.aliases.stream()))
                .toList();
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    static String root(String apiVersion) {
        return apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
    }

    String path(String namespace, String name) {
        var path = new StringBuilder(root(apiVersion()));
        if (namespaced && !namespace.isEmpty()) {
            path.append("/namespaces/").append(namespace);
        }
        path.append('/').append(plural);
        return name.isEmpty() ? path.toString() : path.append('/').append(name).toString();
    }
}
