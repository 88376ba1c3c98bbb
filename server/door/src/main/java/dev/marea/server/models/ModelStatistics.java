package dev.marea.server.models;

import java.util.List;

/**
 * What one version of a model has done since it was loaded, in Triton's terms: a request is counted
 * in {@code success}, its rows in {@code inferenceCount}, a run that answered one or more requests
 * in {@code executionCount}.
 *
 * @param lastInferenceMs when it was last asked, in milliseconds since 1970; 0: never
 * @param batches by the number of rows of a run, smallest first
 */
public record ModelStatistics(
        String name,
        String version,
        long lastInferenceMs,
        long inferenceCount,
        long executionCount,
        Requests requests,
        List<Batch> batches) {
    public ModelStatistics {
        batches = List.copyOf(batches);
    }

    /** How often, and how long altogether. */
    public record Total(long count, long nanos) {
        public static final Total NONE = new Total(0, 0);
    }

    /**
     * Times of requests.
     *
     * @param computeInput reading and joining
     * @param computeOutput splitting and writing
     */
    public record Requests(
            Total success,
            Total fail,
            Total queue,
            Total computeInput,
            Total computeInfer,
            Total computeOutput) {
        /** There is no cache of answers here; Triton's clients ask for its counters. */
        public Total cacheHit() {
            return Total.NONE;
        }

        public Total cacheMiss() {
            return Total.NONE;
        }
    }

    /** Times of runs with this many rows. */
    public record Batch(int rows, Total computeInput, Total computeInfer, Total computeOutput) {}
}
