package dev.marea.storage.store;

import java.util.List;
import java.util.Optional;

/**
 * What a URI names at this moment.
 *
 * @param pinned the URI with branch, tag or alias resolved: it names these very bytes for ever, or
 *     is the URI itself where the store has no such name
 * @param digest of the whole, if the store has one
 */
public record Listing(String pinned, Optional<String> digest, List<RemoteFile> files) {
    public Listing {
        files = List.copyOf(files);
    }
}
