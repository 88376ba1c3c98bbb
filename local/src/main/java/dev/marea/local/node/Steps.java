package dev.marea.local.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Containers that run in this process instead of a child, because a second JVM would spoil the
 * wake-up: init containers that fetch, and agents that stay as long as their pod.
 */
public interface Steps {
    /**
     * True if a container with this image and these args (mount paths already replaced) is ours.
     */
    boolean runs(String image, List<String> args);

    /**
     * Runs it; its text goes to {@code log}. It is interrupted when its pod ends. Throws with a
     * message that a person can act on.
     */
    void run(String image, List<String> args, Path log, Notes notes)
            throws IOException, InterruptedException;

    /** What a step tells others of its pod. */
    interface Notes {
        /** Sets an annotation of the pod, some time soon. */
        void annotate(String name, String value);
    }
}
