package dev.marea.server.models;

import dev.marea.server.config.Batching;

/**
 * What holds for every model of a server.
 *
 * @param batching what the service says of it; what is said here counts more than a model's own
 * @param memoryBytes that all models together may hold
 * @param probabilities answer predict_proba instead of predict, as KServe's PREDICT_PROBA asks
 */
public record ServingSettings(Batching batching, long memoryBytes, boolean probabilities) {
    public ServingSettings {
        if (memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "the memory for models must be positive, was " + memoryBytes);
        }
    }

    public static ServingSettings of(ModelSettings one) {
        return new ServingSettings(Batching.PLAIN, ownMemory(), one.probabilities());
    }

    /** The share of the container's memory that models may hold unless a number was given. */
    public static long ownMemory() {
        return ContainerMemory.forModels();
    }

    public ServingSettings withProbabilities(boolean other) {
        return new ServingSettings(batching, memoryBytes, other);
    }
}
