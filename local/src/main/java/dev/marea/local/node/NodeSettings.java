package dev.marea.local.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How this machine runs pods.
 *
 * @param home holds {@code pods/} and {@code volumes/}; {@code $MAREA_HOME}
 * @param childPath the PATH of children; they get nothing else of the platform's environment
 * @param memoryBytes what pods may request together; empty for 80 % of this machine's memory
 * @param endpointPause how long a pod that was ready waits, once it is to end, before it is told,
 *     so that its endpoint is gone first
 * @param shutdownGraceMax how long children may take when the platform itself ends
 */
public record NodeSettings(
        Path home,
        String name,
        String childPath,
        OptionalLong memoryBytes,
        Duration heartbeat,
        Duration endpointPause,
        Duration shutdownGraceMax) {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public NodeSettings {
        if (!home.isAbsolute()) {
            throw new IllegalArgumentException("the home must be an absolute path, was " + home);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("the node needs a name");
        }
    }

    public static NodeSettings of(Path home) {
        return new NodeSettings(
                home,
                "marea-local",
                PATH,
                OptionalLong.empty(),
                Duration.ofSeconds(30),
                Duration.ofMillis(200),
                Duration.ofSeconds(10));
    }

    public NodeSettings withChildPath(String path) {
        return new NodeSettings(
                home, name, path, memoryBytes, heartbeat, endpointPause, shutdownGraceMax);
    }

    public NodeSettings withMemoryBytes(long bytes) {
        return new NodeSettings(
                home,
                name,
                childPath,
                OptionalLong.of(bytes),
                heartbeat,
                endpointPause,
                shutdownGraceMax);
    }
}
