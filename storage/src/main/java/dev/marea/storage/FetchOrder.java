package dev.marea.storage;

import dev.marea.storage.credentials.Access;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to fetch, and where to.
 *
 * @param pinned what the URI was resolved to for the first replica of this revision
 */
public record FetchOrder(String uri, Path directory, Optional<String> pinned, Access access) {

    public static FetchOrder of(String uri, Path directory) {
        return new FetchOrder(uri, directory, Optional.empty(), Access.NONE);
    }

    public FetchOrder pinned(Optional<String> reference) {
        return new FetchOrder(uri, directory, reference, access);
    }

    public FetchOrder with(Access other) {
        return new FetchOrder(uri, directory, pinned, other);
    }
}
