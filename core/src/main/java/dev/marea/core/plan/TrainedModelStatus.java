package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.Reason;
import java.util.List;
import java.util.Optional;

/** What a TrainedModel's status says, free of wire shapes. */
public record TrainedModelStatus(
        long observedGeneration,
        Optional<String> url,
        Optional<String> address,
        List<Condition> conditions) {
    public TrainedModelStatus {
        conditions = List.copyOf(conditions);
    }

    /** Conditions are written sorted by type name; the constants are in that order. */
    public enum ConditionType {
        FRAMEWORK_SUPPORTED("FrameworkSupported"),
        INFERENCE_SERVICE_READY("InferenceServiceReady"),
        IS_MMS_PREDICTOR("IsMMSPredictor"),
        MEMORY_RESOURCE_AVAILABLE("MemoryResourceAvailable"),
        READY("Ready");

        private final String wireName;

        ConditionType(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** One condition; an empty message is left out. */
    public record Condition(ConditionType type, Truth truth, Reason reason, String message) {}

    public Condition condition(ConditionType type) {
        return conditions.stream().filter(c -> c.type() == type).findFirst().orElseThrow();
    }
}
