package dev.marea.storage.stores.s3;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Renewing;
import java.util.Optional;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Whose requests these are. */
interface Identity {
    /** Empty means unsigned. Asked anew for each request, so that what ends soon is renewed. */
    Optional<AwsCredentialsIdentity> current() throws FetchFailure, InterruptedException;

    /** What a person mends when the store refuses. */
    String advice();

    record Unsigned(String advice) implements Identity {
        @Override
        public Optional<AwsCredentialsIdentity> current() {
            return Optional.empty();
        }
    }

    /** Its keys are secrets and its text shows none. */
    record Fixed(AwsCredentialsIdentity keys, String place) implements Identity {
        @Override
        public Optional<AwsCredentialsIdentity> current() {
            return Optional.of(keys);
        }

        @Override
        public String advice() {
            return "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of " + place;
        }

        @Override
        public String toString() {
            return "Fixed[" + place + "]";
        }
    }

    /** Keys that are lent for a while. */
    record Borrowed(Renewing<AwsCredentialsIdentity> keys, String advice) implements Identity {
        @Override
        public Optional<AwsCredentialsIdentity> current()
                throws FetchFailure, InterruptedException {
            return Optional.of(keys.current());
        }
    }
}
