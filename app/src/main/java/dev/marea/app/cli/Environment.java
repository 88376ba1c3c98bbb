package dev.marea.app.cli;

import java.nio.file.Path;

/** What the environment says; empty texts mean that it says nothing. */
public record Environment(
        Path home,
        String port,
        String apiPort,
        String adminPort,
        String path,
        boolean terminal,
        boolean color,
        Cluster cluster) {

    /** What a pod on a cluster is told about itself. */
    public record Cluster(
            String podName, String podNamespace, String config, String terminationLog) {}
}
