package dev.marea.storage.transfer;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The disk refused, not the store: asking the store again at once would not help. */
public final class DiskTrouble extends IOException {
    private static final long serialVersionUID = 1;

    private DiskTrouble(IOException cause) {
        super(cause);
    }

    /** In words that tell how much room there is. */
    public static FetchFailure of(Path file, IOException cause) {
        var failure =
                FetchFailure.passing(
                        "cannot write %s: %s%s".formatted(file, cause.getMessage(), room(file)));
        failure.initCause(new DiskTrouble(cause));
        return failure;
    }

    /**
     * Refuses what cannot fit, before it starts.
     *
     * @param bytes that are still to come
     * @param reserve that must stay free
     */
    public static void check(Path directory, long bytes, long reserve) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (bytes > 0 && bytes > free - reserve) {
            throw FetchFailure.passing(
                    "the disk of %s is too full: the model needs %d bytes more, %d are free, and %d of them stay so"
                            .formatted(directory, bytes, free, Math.min(reserve, free)));
        }
    }

    private static String room(Path file) {
        try {
            var directory = file.toAbsolutePath().getParent();
            return directory == null
                    ? ""
                    : "; " + Files.getFileStore(directory).getUsableSpace() + " bytes are free";
        } catch (IOException unknown) {
            return "";
        }
    }
}
