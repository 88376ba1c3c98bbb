package dev.marea.server.predict;

import java.time.Duration;

/**
 * How much work one server takes on.
 *
 * @param workersMax predictions that run at once
 * @param queueMax predictions that wait for a worker
 * @param queueTime the longest wait for a worker
 * @param bodiesBytesMax request bodies in memory at once
 */
public record WorkSettings(int workersMax, int queueMax, Duration queueTime, long bodiesBytesMax) {
    private static final int QUEUE_MAX = 1_024;
    private static final Duration QUEUE_TIME = Duration.ofSeconds(30);
    private static final long BODIES_BYTES_LEAST = 96 << 20;

    public WorkSettings {
        if (workersMax < 1 || queueMax < 1 || bodiesBytesMax < 1) {
            throw new IllegalArgumentException("workers, queue and body memory must be positive");
        }
    }

    /** What this machine, or this container, can do. */
    public static WorkSettings ofThisMachine() {
        var runtime = Runtime.getRuntime();
        return new WorkSettings(
                CpuShare.ofThisMachine().workers(),
                QUEUE_MAX,
                QUEUE_TIME,
                Math.max(BODIES_BYTES_LEAST, runtime.maxMemory() / 4));
    }
}
