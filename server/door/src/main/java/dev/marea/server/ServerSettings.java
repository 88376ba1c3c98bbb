package dev.marea.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What one model server is told.
 *
 * @param model the directory or the one file of the model
 * @param format the format that the caller names; empty: found by the files
 * @param port 0 for any free one
 * @param probabilities answer predict_proba instead of predict, as KServe's PREDICT_PROBA asks
 * @param workersMax predictions that run at once
 * @param queueMax predictions that wait for a worker
 * @param queueTime the longest wait for a worker
 * @param bodiesBytesMax request bodies in memory at once
 * @param drain how long running requests may take after SIGTERM
 */
record ServerSettings(
        String modelName,
        Path model,
        Optional<String> format,
        String host,
        int port,
        boolean probabilities,
        int workersMax,
        int queueMax,
        Duration queueTime,
        long bodiesBytesMax,
        Duration drain) {

    private static final int QUEUE_MAX = 1_024;
    private static final Duration QUEUE_TIME = Duration.ofSeconds(30);
    private static final long BODIES_BYTES_LEAST = 96 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(25);

    ServerSettings {
        if (modelName.isEmpty() || modelName.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "a model's name is not empty and has no slash, was '" + modelName + "'");
        }
        if (workersMax < 1 || queueMax < 1 || bodiesBytesMax < 1) {
            throw new IllegalArgumentException("workers, queue and body memory must be positive");
        }
    }

    static ServerSettings of(String modelName, Path model, String host, int port) {
        var runtime = Runtime.getRuntime();
        return new ServerSettings(
                modelName,
                model,
                Optional.empty(),
                host,
                port,
                false,
                runtime.availableProcessors(),
                QUEUE_MAX,
                QUEUE_TIME,
                Math.max(BODIES_BYTES_LEAST, runtime.maxMemory() / 4),
                DRAIN);
    }

    ServerSettings withProbabilities(boolean wanted) {
        return new ServerSettings(
                modelName,
                model,
                format,
                host,
                port,
                wanted,
                workersMax,
                queueMax,
                queueTime,
                bodiesBytesMax,
                drain);
    }

    ServerSettings withFormat(Optional<String> named) {
        return new ServerSettings(
                modelName,
                model,
                named,
                host,
                port,
                probabilities,
                workersMax,
                queueMax,
                queueTime,
                bodiesBytesMax,
                drain);
    }

    ServerSettings withLoad(int workers, int queue, Duration wait, long bodies) {
        return new ServerSettings(
                modelName,
                model,
                format,
                host,
                port,
                probabilities,
                workers,
                queue,
                wait,
                bodies,
                drain);
    }
}
