package dev.marea.local.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Containers that run in this process instead of a child, because a second JVM would spoil the
 * wake-up: init containers that fetch, and agents that stay as long as their pod.
 */
public interface Steps {
    /**
     * True if a container with this image and these args (mount paths already replaced) is ours.
     */
    boolean runs(String image, List<String> args);

    /** Runs it. It is interrupted when its pod ends. Throws with a message that helps a person. */
    void run(Task task, Notes notes) throws IOException, InterruptedException;

    /**
     * A container to run.
     *
     * @param args with mount paths replaced, as in {@code env}
     * @param env what a process would have
     * @param log takes its text
     * @param message the file of its termination message
     */
    record Task(String image, List<String> args, Map<String, String> env, Path log, Path message) {
        public Task {
            args = List.copyOf(args);
            env = Map.copyOf(env);
        }
    }

    /** What a step tells others of its pod. */
    interface Notes {
        /** Sets an annotation of the pod, some time soon. */
        void annotate(String name, String value);
    }
}
