package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Reason;

/** One condition of a TrainedModel; since when it holds is for whoever knows the one before. */
public record TrainedVerdict(Aspect type, Truth truth, Reason reason, String message) {
    /** Written sorted by name; KServe's clients know all but the first and the fifth. */
    public enum Aspect {
        FRAMEWORK_SUPPORTED("FrameworkSupported"),
        INFERENCE_SERVICE_READY("InferenceServiceReady"),
        IS_MMS_PREDICTOR("IsMMSPredictor"),
        MEMORY_RESOURCE_AVAILABLE("MemoryResourceAvailable"),
        MODEL_LOADED("ModelLoaded"),
        READY("Ready");

        private final String wireName;

        Aspect(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    static TrainedVerdict holds(Aspect type) {
        return new TrainedVerdict(type, Truth.TRUE, Reason.READY, "");
    }

    static TrainedVerdict fails(Aspect type, Reason reason, String message) {
        return new TrainedVerdict(type, Truth.FALSE, reason, message);
    }

    static TrainedVerdict unknown(Aspect type, String message) {
        return new TrainedVerdict(type, Truth.UNKNOWN, Reason.PROGRESSING, message);
    }
}
