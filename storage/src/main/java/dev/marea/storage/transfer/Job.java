package dev.marea.storage.transfer;

import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.transfer.Digests.Sums;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file to bring.
 *
 * @param data the file for the bytes on their way
 * @param journal what is known of them; without one, nothing is resumed by another process
 * @param reading sees the bytes in order while they come, as an archive's unpacking does
 */
public record Job(
        RemoteFile file,
        Path data,
        Optional<Path> journal,
        Optional<Reading> reading,
        Landing landing) {

    /** Reads the content to its end. It may begin anew when the file does. */
    @FunctionalInterface
    public interface Reading {
        void read(InputStream content) throws IOException, InterruptedException;
    }

    /** Takes the file when it is whole, checked and on disk. */
    @FunctionalInterface
    public interface Landing {
        void landed(Path data, Sums sums) throws IOException, InterruptedException;
    }
}
