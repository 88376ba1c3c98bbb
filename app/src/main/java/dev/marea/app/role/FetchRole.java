package dev.marea.app.role;

import dev.marea.app.fetch.ModelFetch;
import dev.marea.storage.Storage;
import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.kserve.FetchProgress;
import dev.marea.wire.kserve.Pins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The init container that brings a model before its server starts, {@code marea fetch URI DIR ...}.
 * What went wrong stands in the pod's termination message, where {@code kubectl describe} and the
 * operator find it.
 */
public final class FetchRole {
    /** A later attempt may succeed; the kubelet makes it. */
    public static final int FAILED = 1;

    /** No attempt can succeed: as the model server's code for a model that cannot be loaded. */
    public static final int FAILED_FOR_GOOD = 3;

    private static final Logger LOG = LoggerFactory.getLogger(FetchRole.class);

    /** Kubernetes reads no more of a termination message. */
    private static final int MESSAGE_CHARS_MAX = 4_000;

    private final Storage storage;
    private final Map<String, String> environment;
    private final Path message;

    /**
     * @param message the file of the pod's termination message
     */
    public FetchRole(Storage storage, Map<String, String> environment, Path message) {
        this.storage = storage;
        this.environment = Map.copyOf(environment);
        this.message = message;
    }

    /** Fetches every source into the directory after it; returns the exit code. */
    public int run(List<String> sourcesAndDirectories) throws InterruptedException {
        var fetch = new ModelFetch(storage, environment, LOG::info, FetchRole::log);
        try {
            var pins = fetch.run(sourcesAndDirectories);
            if (!pins.isEmpty()) {
                write(Pins.message(pins));
            }
            return 0;
        } catch (FetchFailure failed) {
            return failed(String.valueOf(failed.getMessage()), failed.retryable());
        } catch (IOException failed) {
            return failed(
                    "cannot fetch %s: %s".formatted(sourcesAndDirectories.getFirst(), failed),
                    true);
        }
    }

    /** The container has no token to tell the API with. */
    private static void log(FetchProgress progress) {
        LOG.info("{}", progress.write());
    }

    private int failed(String why, boolean retryable) {
        LOG.error("{}", why);
        write(why);
        return retryable ? FAILED : FAILED_FOR_GOOD;
    }

    private void write(String text) {
        try {
            Files.writeString(
                    message, text.substring(0, Math.min(text.length(), MESSAGE_CHARS_MAX)));
        } catch (IOException unwritable) {
            LOG.warn("cannot write the termination message {}: {}", message, unwritable.toString());
        }
    }
}
