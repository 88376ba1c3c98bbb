package dev.marea.server.models;

import dev.marea.server.models.ModelStatistics.Batch;
import dev.marea.server.models.ModelStatistics.Requests;
import dev.marea.server.models.ModelStatistics.Total;
import dev.marea.server.runtime.batch.Costs;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Counts what one version of a model does. A lock that is held for some twenty additions is cheaper
 * than as many atomic counters, and its figures agree with each other.
 */
public final class Tally {
    /** Runs of more rows are counted, but not by their number of rows. */
    private static final int ROWS_TOLD_APART = 1_024;

    private static final int INPUT = 1;
    private static final int INFER = 2;
    private static final int OUTPUT = 3;

    /**
     * How long the parts of a run took, in nanoseconds.
     *
     * @param input reading and joining
     * @param output splitting and writing
     */
    public record Times(long input, long infer, long output) {}

    private final Costs costs = new Costs();
    private volatile boolean unsplittable;
    private final Object lock = new Object();
    private long lastMs;
    private long inferences;
    private long executions;
    private long successes;
    private long successNanos;
    private long failures;
    private long failureNanos;
    private long queueNanos;
    private long inputNanos;
    private long inferNanos;
    private long outputNanos;
    private long[][] batches = new long[4][];

    /** What its calls cost. */
    public Costs costs() {
        return costs;
    }

    /** Whether its answer to joined requests once had other rows than they. */
    public boolean isUnsplittable() {
        return unsplittable;
    }

    public void foundUnsplittable() {
        unsplittable = true;
    }

    /**
     * One run of so many rows; counted before its answers are written, so that who has one sees it.
     */
    public void ran(int rows, long input, long infer) {
        synchronized (lock) {
            executions++;
            if (rows <= ROWS_TOLD_APART) {
                var batch = batch(rows);
                batch[0]++;
                batch[INPUT] += input;
                batch[INFER] += infer;
            }
        }
    }

    private long[] batch(int rows) {
        if (rows >= batches.length) {
            batches = Arrays.copyOf(batches, Math.min(ROWS_TOLD_APART, rows * 2) + 1);
        }
        var batch = batches[rows];
        if (batch == null) {
            batch = new long[OUTPUT + 1];
            batches[rows] = batch;
        }
        return batch;
    }

    /**
     * One request that a run answers, alone or with others.
     *
     * @param rows of this request
     * @param queued how long it waited, in nanoseconds
     * @param nowMs milliseconds since 1970
     */
    public void answered(int rows, long queued, long input, long infer, long nowMs) {
        synchronized (lock) {
            lastMs = nowMs;
            inferences += rows;
            successes++;
            queueNanos += queued;
            inputNanos += input;
            inferNanos += infer;
            successNanos += queued + input + infer;
        }
    }

    /** One answer was written. */
    public void wrote(int rowsOfRun, long nanos) {
        synchronized (lock) {
            outputNanos += nanos;
            successNanos += nanos;
            if (rowsOfRun <= ROWS_TOLD_APART) {
                batch(rowsOfRun)[OUTPUT] += nanos;
            }
        }
    }

    /** An answer that was counted could not be written. */
    public void tookBack(int rows) {
        synchronized (lock) {
            inferences -= rows;
            successes--;
        }
    }

    /** One request that was refused, or that the model failed on. */
    public void failed(long nanos, long nowMs) {
        synchronized (lock) {
            lastMs = nowMs;
            failures++;
            failureNanos += nanos;
        }
    }

    public ModelStatistics statistics(String name, String version) {
        synchronized (lock) {
            var found = new ArrayList<Batch>();
            for (int rows = 0; rows < batches.length; rows++) {
                var batch = batches[rows];
                if (batch != null) {
                    found.add(
                            new Batch(
                                    rows,
                                    new Total(batch[0], batch[INPUT]),
                                    new Total(batch[0], batch[INFER]),
                                    new Total(batch[0], batch[OUTPUT])));
                }
            }
            return new ModelStatistics(
                    name,
                    version,
                    lastMs,
                    inferences,
                    executions,
                    new Requests(
                            new Total(successes, successNanos),
                            new Total(failures, failureNanos),
                            new Total(successes, queueNanos),
                            new Total(successes, inputNanos),
                            new Total(successes, inferNanos),
                            new Total(successes, outputNanos)),
                    found);
        }
    }
}
