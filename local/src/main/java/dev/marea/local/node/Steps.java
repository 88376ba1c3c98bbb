package dev.marea.local.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Containers that run in this process instead of a child, because a second JVM would spoil the
 * wake-up: init containers, which end, and helpers beside a server, which run until they are
 * interrupted. A helper counts as ready while it runs, for nothing probes it.
 */
public interface Steps {
    /**
     * True if a container with this image and these args (mount paths and variables already
     * replaced) is ours.
     */
    boolean runs(String image, List<String> args);

    /**
     * Runs it; its text goes to {@code log}. Throws with a message that a person can act on, and
     * ends soon when it is interrupted.
     */
    void run(String image, List<String> args, Path log) throws IOException, InterruptedException;
}
