package dev.marea.storage.store;

import java.util.Optional;

/**
 * One file of a model in its store.
 *
 * @param path relative to the model's directory, with slashes
 * @param size in bytes; -1 if the store does not say
 * @param version which tells these bytes from others of the same name: an ETag, a generation, a
 *     digest; without one, nothing is resumed after a crash
 * @param sum the store's own
 */
public record RemoteFile(
        String path,
        long size,
        Optional<String> version,
        Optional<Checksum> sum,
        Unpack unpack,
        Origin origin) {
    public RemoteFile {
        if (size < -1) {
            throw new IllegalArgumentException(
                    path + " has no size, or one of at least 0: " + size);
        }
    }
}
