package dev.marea.storage.stores.s3;

import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Renewing;
import dev.marea.storage.stores.talk.Xml;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Optional;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * IAM roles for service accounts: the token of the pod's ServiceAccount is exchanged for keys. One
 * unsigned form and its XML answer; the vendor's client for it weighs four megabytes.
 */
record WebIdentity(Source environment, String region, Asking http)
        implements Renewing.Lender<AwsCredentialsIdentity> {
    private static final long TOKEN_BYTES_MAX = 64 << 10;

    @Override
    public Renewing.Lent<AwsCredentialsIdentity> lend() throws FetchFailure, InterruptedException {
        var role = value("AWS_ROLE_ARN");
        var talk = new Conversation(http, "the role " + role, true, _ -> advice());
        var form = new LinkedHashMap<String, String>();
        form.put("Action", "AssumeRoleWithWebIdentity");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", role);
        form.put(
                "RoleSessionName",
                environment
                        .first("AWS_ROLE_SESSION_NAME")
                        .map(name -> name.reveal().strip())
                        .orElse("marea"));
        form.put("WebIdentityToken", token());
        var body = Percent.query(form);
        var answer =
                talk.xml(() ->
                        HttpRequest.newBuilder(endpoint())
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        return answer.first("AssumeRoleWithWebIdentityResult")
                .flatMap(result -> result.first("Credentials"))
                .flatMap(WebIdentity::lent)
                .orElseThrow(() ->
                        FetchFailure.passing("the role " + role + ": AWS gave no keys for it"));
    }

    private static Optional<Renewing.Lent<AwsCredentialsIdentity>> lent(Xml credentials) {
        var id = credentials.textOf("AccessKeyId");
        var key = credentials.textOf("SecretAccessKey");
        var end = credentials.textOf("Expiration").flatMap(WebIdentity::instant);
        return id.isPresent() && key.isPresent() && end.isPresent()
                ? Optional.of(
                        Renewing.Lent.until(
                                Identities.keys(
                                        id.get(), key.get(), credentials.textOf("SessionToken")),
                                end.get()))
                : Optional.empty();
    }

    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException bad) {
            return Optional.empty();
        }
    }

    private URI endpoint() {
        return environment
                .first("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
                .map(url -> URI.create(url.reveal().strip()))
                .orElseGet(() -> URI.create("https://sts." + region + ".amazonaws.com/"));
    }

    private String token() throws FetchFailure {
        var file = Path.of(value("AWS_WEB_IDENTITY_TOKEN_FILE"));
        try {
            if (Files.size(file) <= TOKEN_BYTES_MAX) {
                return Files.readString(file).strip();
            }
            throw FetchFailure.lasting(
                    "the token in " + file + " has more than " + TOKEN_BYTES_MAX + " bytes");
        } catch (FetchFailure own) {
            throw own;
        } catch (IOException gone) {
            throw FetchFailure.lasting(
                    "AWS_WEB_IDENTITY_TOKEN_FILE names " + file + ", which cannot be read");
        }
    }

    private String value(String name) {
        return environment.first(name).map(value -> value.reveal().strip()).orElse("");
    }

    String advice() {
        return "check the role %s and that it trusts the service's ServiceAccount"
                .formatted(value("AWS_ROLE_ARN"));
    }
}
