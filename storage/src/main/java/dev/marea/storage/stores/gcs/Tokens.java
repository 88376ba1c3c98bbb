package dev.marea.storage.stores.gcs;

import dev.marea.storage.store.FetchFailure;
import java.util.Optional;

/** Bearer tokens for Google's API, fresh for each request. */
interface Tokens {
    /** Empty means that it is asked as anybody. */
    Optional<String> bearer() throws FetchFailure, InterruptedException;

    String advice();

    record Anonymous(String advice) implements Tokens {
        @Override
        public Optional<String> bearer() {
            return Optional.empty();
        }
    }
}
