package dev.marea.app.role;

import dev.marea.storage.Storage;
import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private final Path message;

    /**
     * @param message the file of the pod's termination message
     */
    public FetchRole(Storage storage, Path message) {
        this.storage = storage;
        this.message = message;
    }

    /** Fetches every source into the directory after it; returns the exit code. */
    public int run(List<String> sourcesAndDirectories) throws InterruptedException {
        for (int i = 0; i + 1 < sourcesAndDirectories.size(); i += 2) {
            var source = sourcesAndDirectories.get(i);
            try {
                fetch(source, Path.of(sourcesAndDirectories.get(i + 1)));
            } catch (FetchFailure failed) {
                return failed(String.valueOf(failed.getMessage()), failed.retryable());
            } catch (IOException failed) {
                return failed("cannot fetch %s: %s".formatted(source, failed), true);
            }
        }
        return 0;
    }

    private void fetch(String source, Path directory) throws IOException, InterruptedException {
        LOG.info("fetching {} into {}", source, directory);
        long began = System.nanoTime();
        var fetched = storage.fetch(source, directory);
        LOG.info(
                "fetched {}: {} files, {} bytes in {} ms",
                source,
                fetched.files(),
                fetched.bytes(),
                (System.nanoTime() - began) / 1_000_000);
    }

    private int failed(String why, boolean retryable) {
        LOG.error("{}", why);
        try {
            Files.writeString(message, why.substring(0, Math.min(why.length(), MESSAGE_CHARS_MAX)));
        } catch (IOException unwritable) {
            LOG.warn("cannot write the termination message {}: {}", message, unwritable.toString());
        }
        return retryable ? FAILED : FAILED_FOR_GOOD;
    }
}
