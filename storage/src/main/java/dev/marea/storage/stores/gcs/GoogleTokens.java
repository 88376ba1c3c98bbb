package dev.marea.storage.stores.gcs;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.StoreWords;
import java.io.IOException;
import java.util.Optional;

/** Tokens by Google's own module, from a key file of any kind that it knows. */
record GoogleTokens(GoogleCredentials credentials, String place) implements Tokens {
    @Override
    public Optional<String> bearer() throws FetchFailure, InterruptedException {
        try {
            credentials.refreshIfExpired();
            return Optional.ofNullable(credentials.getAccessToken())
                    .map(AccessToken::getTokenValue);
        } catch (IOException refused) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                if (cause instanceof FetchFailure own) {
                    throw own;
                }
            }
            throw FetchFailure.lasting(
                    "Google gives no token for "
                            + place
                            + ": "
                            + StoreWords.line(String.valueOf(refused.getMessage())));
        }
    }

    @Override
    public String advice() {
        return "check "
                + place
                + " and that its account may read the bucket (roles/storage.objectViewer)";
    }

    @Override
    public String toString() {
        return "GoogleTokens[" + place + "]";
    }
}
