package dev.marea.core.spec;

import java.time.Instant;

/**
 * A model that is served by the replicas of an InferenceService, beside others.
 *
 * @param memoryBytes what it may need once it is loaded, as its author says
 */
public record TrainedModel(
        ServiceId service,
        String name,
        long generation,
        Instant created,
        String storageUri,
        String framework,
        long memoryBytes) {
    public TrainedModel {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("memory cannot be negative, was " + memoryBytes);
        }
    }
}
