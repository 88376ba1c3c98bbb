package dev.marea.storage.store;

import dev.marea.storage.credentials.Access;

/**
 * A kind of model store: lists what a URI names, pinned, and says how each byte range is asked for.
 */
public interface Store {
    Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException;
}
