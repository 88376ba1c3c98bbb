package dev.marea.app.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says; empty texts mean that it says nothing.
 *
 * @param variables all of it, in which the clients of stores look for credentials
 */
public record Environment(
        Path home,
        String port,
        String apiPort,
        String adminPort,
        String path,
        boolean terminal,
        boolean color,
        Cluster cluster,
        Map<String, String> variables) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** What a pod on a cluster is told about itself. */
    public record Cluster(
            String podName, String podNamespace, String config, String terminationLog) {}

    /** Some variables are secrets. */
    @Override
    public String toString() {
        return "Environment[" + home + "]";
    }
}
