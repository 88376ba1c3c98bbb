package dev.marea.core.spec;

import java.time.Instant;

/**
 * One of the models that a service of many models is to serve.
 *
 * @param service the InferenceService in the same namespace whose replicas load it
 * @param framework the name of its format, such as sklearn
 * @param memory what it may take of its service's memory
 */
public record TrainedModel(
        String namespace,
        String name,
        long generation,
        String service,
        String storageUri,
        String framework,
        Memory memory,
        Instant created) {}
