package dev.marea.kubernetes.api;

/** A kind of the API and where its objects live. */
public record Kind(String group, String version, String plural, String name, boolean namespaced) {
    public static final Kind INFERENCE_SERVICE =
            new Kind("serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService", true);
    public static final Kind SERVING_RUNTIME =
            new Kind("serving.kserve.io", "v1alpha1", "servingruntimes", "ServingRuntime", true);
    public static final Kind CLUSTER_SERVING_RUNTIME =
            new Kind(
                    "serving.kserve.io",
                    "v1alpha1",
                    "clusterservingruntimes",
                    "ClusterServingRuntime",
                    false);
    public static final Kind TRAINED_MODEL =
            new Kind("serving.kserve.io", "v1alpha1", "trainedmodels", "TrainedModel", true);
    public static final Kind CONFIG_MAP = new Kind("", "v1", "configmaps", "ConfigMap", true);
    public static final Kind CONTROLLER_REVISION =
            new Kind("apps", "v1", "controllerrevisions", "ControllerRevision", true);
    public static final Kind STORAGE_CONTAINER =
            new Kind(
                    "serving.kserve.io",
                    "v1alpha1",
                    "clusterstoragecontainers",
                    "ClusterStorageContainer",
                    false);
    public static final Kind MODEL_CACHE = local("localmodelcaches", "LocalModelCache", false);
    public static final Kind NAMESPACE_MODEL_CACHE =
            local("localmodelnamespacecaches", "LocalModelNamespaceCache", true);
    public static final Kind NODE_GROUP =
            local("localmodelnodegroups", "LocalModelNodeGroup", false);
    public static final Kind MODEL_NODE = local("localmodelnodes", "LocalModelNode", false);
    public static final Kind SERVICE_ACCOUNT =
            new Kind("", "v1", "serviceaccounts", "ServiceAccount", true);
    public static final Kind DEPLOYMENT = new Kind("apps", "v1", "deployments", "Deployment", true);
    public static final Kind STATEFUL_SET =
            new Kind("apps", "v1", "statefulsets", "StatefulSet", true);
    public static final Kind SERVICE = new Kind("", "v1", "services", "Service", true);
    public static final Kind POD = new Kind("", "v1", "pods", "Pod", true);
    public static final Kind NODE = new Kind("", "v1", "nodes", "Node", false);
    public static final Kind EVENT = new Kind("", "v1", "events", "Event", true);
    public static final Kind INGRESS =
            new Kind("networking.k8s.io", "v1", "ingresses", "Ingress", true);
    public static final Kind INGRESS_CLASS =
            new Kind("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);
    public static final Kind HTTP_ROUTE =
            new Kind("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute", true);
    public static final Kind ENDPOINT_SLICE =
            new Kind("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "leases", "Lease", true);
    public static final Kind AUTOSCALER =
            new Kind(
                    "autoscaling",
                    "v2",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    true);

    /** KEDA's. */
    public static final Kind SCALED_OBJECT =
            new Kind("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject", true);

    public static final Kind DISRUPTION_BUDGET =
            new Kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
    public static final Kind NETWORK_POLICY =
            new Kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true);

    /** The Prometheus operator's. */
    public static final Kind POD_MONITOR =
            new Kind("monitoring.coreos.com", "v1", "podmonitors", "PodMonitor", true);

    public static final Kind SECRET = new Kind("", "v1", "secrets", "Secret", true);
    public static final Kind NAMESPACE = new Kind("", "v1", "namespaces", "Namespace", false);
    public static final Kind VALIDATING_WEBHOOKS =
            new Kind(
                    "admissionregistration.k8s.io",
                    "v1",
                    "validatingwebhookconfigurations",
                    "ValidatingWebhookConfiguration",
                    false);
    public static final Kind SUBJECT_ACCESS_REVIEW =
            new Kind(
                    "authorization.k8s.io",
                    "v1",
                    "subjectaccessreviews",
                    "SubjectAccessReview",
                    false);

    static final String ALL_NAMESPACES = "";

    private static Kind local(String plural, String name, boolean namespaced) {
        return new Kind("serving.kserve.io", "v1alpha1", plural, name, namespaced);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The path of the collection over all namespaces. */
    String pathOfAll() {
        return (group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version)
                + "/"
                + plural;
    }

    /** The path of the kind's collection; the namespace is ignored for cluster-wide kinds. */
    String path(String namespace) {
        if (namespace.equals(ALL_NAMESPACES)) {
            return pathOfAll();
        }
        var root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return root + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural;
    }

    String path(String namespace, String name) {
        return path(namespace) + "/" + name;
    }
}
