package dev.marea.local.node;

import dev.marea.local.objects.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** What containers have written, for the REST door's {@code pods/NAME/log}. */
public interface PodLogs {
    /**
     * Finds the log before any byte is sent, so that a refusal can still be answered: 404 for no
     * such pod, 400 for no such container, no previous one, or one that has not started.
     */
    Log open(String namespace, String pod, Query query) throws Refusal;

    /** One container's log, as asked for. */
    interface Log {
        /**
         * Writes it; when following, flushes after each piece and returns once the container has
         * ended and all is written, or once {@code gone} says that nobody reads any more.
         */
        void writeTo(OutputStream out, BooleanSupplier gone)
                throws IOException, InterruptedException;
    }

    /**
     * The query parameters of the log subresource.
     *
     * @param container may be empty if the pod has only one
     * @param tailLines the last so many lines
     * @param limitBytes the answer ends after so many bytes
     */
    record Query(
            Optional<String> container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            Optional<Instant> since,
            OptionalInt tailLines,
            OptionalLong limitBytes) {}
}
