package dev.marea.storage.stores.s3;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.stores.talk.Renewing;
import java.util.Optional;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Finds whose requests they are, in the order of AWS's own clients. */
final class Identities {
    private Identities() {}

    static Identity of(S3Settings settings, Access access, Asking http) {
        var source = settings.source();
        if (settings.anonymous()) {
            return new Identity.Unsigned(
                    source.name() + " asks for anonymous access, which this bucket does not give");
        }
        var fixed = fixed(source);
        if (fixed.isPresent()) {
            return fixed.get();
        }
        if (!source.administrators()) {
            return new Identity.Unsigned(nothing(access));
        }
        var environment = access.environment();
        if (environment.has("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")) {
            var lender = new WebIdentity(environment, settings.region(), http);
            return new Identity.Borrowed(new Renewing<>(lender), lender.advice());
        }
        if (environment
                .first(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                .isPresent()) {
            var lender = new ContainerIdentity(environment, http);
            return new Identity.Borrowed(new Renewing<>(lender), lender.advice());
        }
        return new Identity.Unsigned(nothing(access));
    }

    private static Optional<Identity> fixed(Source source) {
        var id = source.first(S3Settings.KEY_ID);
        var key = source.first(S3Settings.SECRET_KEY);
        if (id.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        var token = source.first("AWS_SESSION_TOKEN", "session_token").map(Sensitive::reveal);
        return Optional.of(
                new Identity.Fixed(
                        keys(id.get().reveal(), key.get().reveal(), token), source.name()));
    }

    /** Secrets made with an editor often end in a line break. */
    static AwsCredentialsIdentity keys(String id, String key, Optional<String> token) {
        return token.isPresent()
                ? AwsSessionCredentialsIdentity.create(id.strip(), key.strip(), token.get().strip())
                : AwsCredentialsIdentity.create(id.strip(), key.strip());
    }

    private static String nothing(Access access) {
        return "it was asked without a signature, as no keys were found; "
                + access.advice("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
}
