package dev.marea.server.models;

import dev.marea.server.models.ModelStatistics.Batch;
import dev.marea.server.models.ModelStatistics.Requests;
import dev.marea.server.models.ModelStatistics.Total;
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

    /** A run's moments, in nanoseconds of one clock. */
    public record Run(int rows, long begun, long read, long inferred, long written) {}

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

    /** One run that was answered: counts of runs with these rows. */
    public void ran(Run run) {
        synchronized (lock) {
            executions++;
            if (run.rows <= ROWS_TOLD_APART) {
                var batch = batch(run.rows);
                batch[0]++;
                batch[INPUT] += run.read - run.begun;
                batch[INFER] += run.inferred - run.read;
                batch[OUTPUT] += run.written - run.inferred;
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
     * One request that a run answered, alone or with others.
     *
     * @param rows of this request
     * @param since when it came in
     * @param nowMs milliseconds since 1970
     */
    public void answered(int rows, long since, Run run, long nowMs) {
        synchronized (lock) {
            lastMs = nowMs;
            inferences += rows;
            successes++;
            successNanos += run.written - since;
            queueNanos += run.begun - since;
            inputNanos += run.read - run.begun;
            inferNanos += run.inferred - run.read;
            outputNanos += run.written - run.inferred;
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
