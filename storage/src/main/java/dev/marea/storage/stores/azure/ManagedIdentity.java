package dev.marea.storage.stores.azure;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Renewing;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;

/** Tokens that Azure's machines give to what runs on them. */
record ManagedIdentity(String client, Asking http) implements Renewing.Lender<String> {
    private static final String ADDRESS =
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=";

    @Override
    public Renewing.Lent<String> lend() throws FetchFailure, InterruptedException {
        var talk =
                new Conversation(
                        http,
                        "the managed identity " + client,
                        true,
                        _ -> "check that this machine has it");
        var address = URI.create(ADDRESS + Percent.part(client));
        var answer = talk.json(() -> HttpRequest.newBuilder(address).header("Metadata", "true"));
        if (answer.fields().get("access_token") instanceof Json.Str(var token)
                && answer.at("expires_in").isPresent()) {
            return Renewing.Lent.until(
                    token,
                    Instant.now()
                            .plusSeconds(seconds(answer.at("expires_in").orElse(Json.Null.VALUE))));
        }
        throw FetchFailure.passing("the managed identity " + client + ": no token was given");
    }

    /** It is written as text here. */
    private static long seconds(Json value) {
        try {
            return Long.parseLong(value.toString().replace("\"", ""));
        } catch (NumberFormatException bad) {
            return 60;
        }
    }
}
