package dev.marea.storage.stores.gcs;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Renewing;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Optional;

/** Tokens of the account that Google's machine or cluster gives this process. */
final class MetadataTokens implements Tokens {
    private static final String PATH =
            "/computeMetadata/v1/instance/service-accounts/default/token";

    private final URI address;
    private final Asking http;
    private final Renewing<String> token = new Renewing<>(this::ask);

    MetadataTokens(String host, Asking http) {
        this.address = URI.create("http://" + host + PATH);
        this.http = http;
    }

    @Override
    public Optional<String> bearer() throws FetchFailure, InterruptedException {
        return Optional.of(token.current());
    }

    private Renewing.Lent<String> ask() throws FetchFailure, InterruptedException {
        var talk = new Conversation(http, "the metadata server's token", true, _ -> advice());
        var answer =
                talk.json(
                        () -> HttpRequest.newBuilder(address).header("Metadata-Flavor", "Google"));
        if (answer.fields().get("access_token") instanceof Json.Str(var bearer)
                && answer.fields().get("expires_in") instanceof Json.Int(var seconds)) {
            return Renewing.Lent.until(bearer, Instant.now().plusSeconds(seconds));
        }
        throw FetchFailure.passing("the metadata server gave no token");
    }

    @Override
    public String advice() {
        return "check that the service's Google account may read the bucket (roles/storage.objectViewer), or attach a Secret with gcloud-application-credentials.json";
    }
}
