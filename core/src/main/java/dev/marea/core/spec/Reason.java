package dev.marea.core.spec;

/**
 * Every reason that a person or a program may be given, in one place: conditions, events and
 * refused requests use these and no other words. Each has a page under docs/reasons/.
 */
public enum Reason {
    // conditions of a service
    READY("Ready", 200, false),
    STOPPED("Stopped", 503, false),
    MODEL_LOAD_FAILED("ModelLoadFailed", 503, false),
    RUNTIME_UNHEALTHY("RuntimeUnhealthy", 503, true),
    RUNTIME_DISABLED("RuntimeDisabled", 503, false),
    NO_SUPPORTING_RUNTIME("NoSupportingRuntime", 503, false),
    RUNTIME_NOT_RECOGNIZED("RuntimeNotRecognized", 503, false),
    INVALID_PREDICTOR_SPEC("InvalidPredictorSpec", 503, false),
    INVALID_GPU_ALLOCATION("InvalidGPUAllocation", 503, false),
    SCHEME_NOT_SUPPORTED("SchemeNotSupported", 503, false),
    AUTOSCALER_UNAVAILABLE("AutoscalerUnavailable", 503, false),
    HOST_CONFLICT("HostConflict", 503, false),
    INGRESS_NOT_ACCEPTED("IngressNotAccepted", 503, false),
    UNSCHEDULABLE("Unschedulable", 503, true),
    PODS_REFUSED("PodsRefused", 503, false),
    PERMISSION_DENIED("PermissionDenied", 503, true),
    REVISION_NOT_READY("RevisionNotReady", 503, true),
    PROGRESSING("Progressing", 503, true),
    ALL_CANARIES_READY("AllCanariesReady", 200, false),
    CANARIES_NOT_READY("CanariesNotReady", 503, true),
    // conditions of a TrainedModel
    INFERENCE_SERVICE_NOT_READY("InferenceServiceNotReady", 503, true),
    IS_NOT_MMS_PREDICTOR("IsNotMMSPredictor", 503, false),
    FRAMEWORK_NOT_SUPPORTED("FrameworkNotSupported", 503, false),
    MEMORY_RESOURCE_NOT_AVAILABLE("MemoryResourceNotAvailable", 503, false),
    // conditions of the one-machine node
    IMAGE_NOT_RUNNABLE("ImageNotRunnable", 503, false),
    // answers of the gateway
    NO_SUCH_SERVICE("NoSuchService", 404, false),
    QUEUE_FULL("QueueFull", 503, true),
    QUEUE_TIMEOUT("QueueTimeout", 503, true),
    ROUTES_UNKNOWN("RoutesUnknown", 503, true),
    NO_REPLICA("NoReplica", 503, true),
    UPSTREAM_FAILED("UpstreamFailed", 502, true),
    UPSTREAM_TIMEOUT("UpstreamTimeout", 504, true),
    SHUTTING_DOWN("ShuttingDown", 503, true);

    private final String wireName;
    private final int httpStatus;
    private final boolean retryable;

    Reason(String wireName, int httpStatus, boolean retryable) {
        this.wireName = wireName;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    public String wireName() {
        return wireName;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public boolean retryable() {
        return retryable;
    }
}
