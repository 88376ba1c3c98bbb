package dev.marea.kubernetes.objects;

import java.util.List;
import java.util.function.Predicate;

/** The names, labels and annotations that clients and we rely on. */
public final class Names {
    /** On everything that belongs to a service; informers select by it. */
    public static final String SERVICE_LABEL = "serving.kserve.io/inferenceservice";

    public static final String REVISION_LABEL = "marea.dev/revision";
    static final String APP_LABEL = "app";
    static final String COMPONENT_LABEL = "component";
    static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    /** A revision's identity, on its ControllerRevision. */
    public static final String IDENTITY = "marea.dev/identity";

    /** What its author asked for, apart from what the runtime added. */
    public static final String ASKED = "marea.dev/asked";

    /** When a revision was ready for the first time. */
    public static final String PROVED = "marea.dev/proved";

    /** What a revision's first replica has resolved, on its ControllerRevision. */
    public static final String PINNED = "marea.dev/pinned";

    /** The init container that fetches models. */
    public static final String FETCH_STEP = "storage-initializer";

    /** The digest of what we applied last. */
    public static final String APPLIED = "marea.dev/applied";

    /** The version of Marea that shipped a runtime. */
    public static final String VERSION = "marea.dev/version";

    public static final String STOP = "serving.kserve.io/stop";
    public static final String NO_AUTO_UPDATE = "serving.kserve.io/disable-auto-update";

    /** How many replicas a drain of nodes may take at a time, or "none" for as many as it likes. */
    static final String DISRUPTION_BUDGET = "marea.dev/disruption-budget";

    /** Names the one Secret that its fetch steps may use, in the place of the account's. */
    public static final String STORAGE_SECRET = "serving.kserve.io/storageSecretName";

    static final String STORAGE_READONLY = "storage.kserve.io/readonly";

    /** A variable of containers that serve many models, as in KServe. */
    static final String SHARED = "MULTI_MODEL_SERVER";

    public static final String CONTAINER = "kserve-container";
    static final String MODEL_DIRECTORY = "/mnt/models";
    public static final int DEFAULT_PORT = 8080;

    /** The appProtocol of a port that speaks nothing but HTTP/2. */
    public static final String H2C = "kubernetes.io/h2c";

    /** These steer us or a tool and say nothing about pods: they must not make a revision. */
    private static final List<String> STEERING =
            List.of(
                    "serving.kserve.io/",
                    "serving.knative.dev/",
                    "storage.kserve.io/",
                    "internal.serving.kserve.io/",
                    "networking.kserve.io/",
                    "networking.knative.dev/",
                    "autoscaling.knative.dev/",
                    "marea.dev/",
                    "kubectl.kubernetes.io/",
                    "argocd.argoproj.io/",
                    "meta.helm.sh/",
                    "deployment.kubernetes.io/");

    private Names() {}

    static Predicate<String> describesPods() {
        return key -> STEERING.stream().noneMatch(key::startsWith);
    }

    public static String predictor(String service) {
        return service + "-predictor";
    }

    /** The ConfigMap with what the revisions of a service have resolved. */
    public static String pins(String service) {
        return service + "-model-pins";
    }

    static String app(String service) {
        return "isvc." + predictor(service);
    }
}
