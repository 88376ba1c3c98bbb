package dev.marea.storage.stores.s3;

import dev.marea.storage.credentials.Sensitive;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Renewing;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** EKS Pod Identity and ECS: keys from an address that the platform puts into the environment. */
record ContainerIdentity(Source environment, Asking http)
        implements Renewing.Lender<AwsCredentialsIdentity> {
    @Override
    public Renewing.Lent<AwsCredentialsIdentity> lend() throws FetchFailure, InterruptedException {
        var talk = new Conversation(http, "the container's AWS role", true, _ -> advice());
        var authorization = authorization();
        var answer =
                talk.json(() -> {
                    var request = HttpRequest.newBuilder(address()).GET();
                    authorization.ifPresent(token -> request.header("Authorization", token));
                    return request;
                });
        var id = text(answer, "AccessKeyId");
        var key = text(answer, "SecretAccessKey");
        var end = text(answer, "Expiration").flatMap(WebIdentity::instant);
        if (id.isEmpty() || key.isEmpty() || end.isEmpty()) {
            throw FetchFailure.passing(
                    "the container's AWS role: the platform gave no keys for it");
        }
        return Renewing.Lent.until(
                Identities.keys(id.get(), key.get(), text(answer, "Token")), end.get());
    }

    private URI address() {
        return environment
                .first("AWS_CONTAINER_CREDENTIALS_FULL_URI")
                .map(uri -> URI.create(uri.reveal().strip()))
                .orElseGet(() ->
                        URI.create(
                                "http://169.254.170.2"
                                        + environment
                                                .first("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                                                .map(path -> path.reveal().strip())
                                                .orElse("/")));
    }

    private Optional<String> authorization() throws FetchFailure {
        var file = environment.first("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        if (file.isEmpty()) {
            return environment.first("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Sensitive::reveal);
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get().reveal())).strip());
        } catch (IOException gone) {
            throw FetchFailure.lasting(
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names a file that cannot be read");
        }
    }

    private static Optional<String> text(Json.Obj answer, String name) {
        return answer.fields().get(name) instanceof Json.Str(var text)
                ? Optional.of(text)
                : Optional.empty();
    }

    String advice() {
        return "check the role of the pod's identity";
    }
}
