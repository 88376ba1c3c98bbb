package dev.marea.local.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Init steps that run in this process instead of a child, because a second JVM would spoil the
 * wake-up.
 */
public interface Steps {
    /**
     * True if an init container with this image and these args (mount paths already replaced) is
     * ours.
     */
    boolean runs(String image, List<String> args);

    /** Runs it; its text goes to {@code log}. Throws with a message that a person can act on. */
    void run(String image, List<String> args, Path log) throws IOException, InterruptedException;
}
