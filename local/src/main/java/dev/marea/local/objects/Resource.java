package dev.marea.local.objects;

/** A kind that the API serves, named as in its path: {@code apps, v1, deployments, Deployment}. */
public record Resource(
        String group, String version, String plural, String kind, boolean namespaced) {
    public static final Resource NAMESPACE = core("namespaces", "Namespace", false);
    public static final Resource SECRET = core("secrets", "Secret", true);
    public static final Resource CONFIG_MAP = core("configmaps", "ConfigMap", true);
    public static final Resource SERVICE_ACCOUNT = core("serviceaccounts", "ServiceAccount", true);
    public static final Resource EVENT = core("events", "Event", true);
    public static final Resource POD = core("pods", "Pod", true);
    public static final Resource NODE = core("nodes", "Node", false);
    public static final Resource SERVICE = core("services", "Service", true);
    public static final Resource PVC =
            core("persistentvolumeclaims", "PersistentVolumeClaim", true);
    public static final Resource DEPLOYMENT = apps("deployments", "Deployment");
    public static final Resource REPLICA_SET = apps("replicasets", "ReplicaSet");
    public static final Resource CONTROLLER_REVISION =
            apps("controllerrevisions", "ControllerRevision");
    public static final Resource ENDPOINT_SLICE =
            new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final Resource LEASE =
            new Resource("coordination.k8s.io", "v1", "leases", "Lease", true);
    public static final Resource CRD =
            new Resource(
                    "apiextensions.k8s.io",
                    "v1",
                    "customresourcedefinitions",
                    "CustomResourceDefinition",
                    false);

    private static Resource core(String plural, String kind, boolean namespaced) {
        return new Resource("", "v1", plural, kind, namespaced);
    }

    private static Resource apps(String plural, String kind) {
        return new Resource("apps", "v1", plural, kind, true);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As messages name it: {@code deployments.apps}, {@code pods}. */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
