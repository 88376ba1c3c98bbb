package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;

/**
 * How much a document may unfold to. A list of empty groups costs two bytes of a file for each and
 * forty of memory; a real model has far more bytes than values.
 */
final class ValueBudget {
    static final int DEPTH_MAX = 64;
    private static final int SPARE = 4_096;
    private static final int BYTES_PER_VALUE = 6;

    private final ModelBytes source;
    private int left;

    ValueBudget(ModelBytes source) {
        this.source = source;
        this.left = source.length() / BYTES_PER_VALUE + SPARE;
    }

    void value(long offset, int depth) throws LoadFailure {
        if (depth > DEPTH_MAX) {
            throw source.failure(offset, "lists and groups more than " + DEPTH_MAX + " deep");
        }
        if (--left < 0) {
            throw source.failure(offset, "more values than a model of this size has");
        }
    }
}
