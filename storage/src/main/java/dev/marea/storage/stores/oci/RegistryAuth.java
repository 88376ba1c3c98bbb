package dev.marea.storage.stores.oci;

import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Renewing;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lets requests into a registry as it demands: by nothing, a password, or a token for it. */
final class RegistryAuth {
    /** What the token protocol says where an answer does not. */
    private static final long SECONDS = 60;

    private final Conversation talk;
    private final URI root;
    private final String scope;
    private final Optional<Login> login;
    private final Renewing<String> header = new Renewing<>(this::ask);

    RegistryAuth(Conversation talk, URI root, String scope, Optional<Login> login) {
        this.talk = talk;
        this.root = root;
        this.scope = scope;
        this.login = login;
    }

    void letIn(HttpRequest.Builder request) throws FetchFailure, InterruptedException {
        var authorization = header.current();
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
    }

    private Renewing.Lent<String> ask() throws FetchFailure, InterruptedException {
        var answer = talk.raw(() -> HttpRequest.newBuilder(root));
        var wanted = Challenge.read(answer.headers().firstValue("WWW-Authenticate").orElse(""));
        if (answer.status() != 401) {
            return new Renewing.Lent<>("", Instant.MAX);
        }
        return switch (wanted.scheme()) {
            case "basic" -> new Renewing.Lent<>(login.map(Login::basic).orElse(""), Instant.MAX);
            case "bearer" -> token(wanted);
            default -> throw talk.refused(answer);
        };
    }

    private Renewing.Lent<String> token(Challenge wanted)
            throws FetchFailure, InterruptedException {
        var realm = realm(wanted);
        var ask =
                new Conversation(
                        talk.http(),
                        talk.subject(),
                        talk.administrators() && realm.getHost().equals(root.getHost()),
                        talk.advice());
        var parameters = new LinkedHashMap<String, String>();
        if (!wanted.parameter("service").isEmpty()) {
            parameters.put("service", wanted.parameter("service"));
        }
        parameters.put("scope", scope);
        var answer = ask.json(request(realm, parameters));
        var token =
                answer.text("token")
                        .or(() -> answer.text("access_token"))
                        .orElseThrow(() ->
                                FetchFailure.passing(
                                        talk.subject() + ": the registry gave no token"));
        long seconds = answer.integer("expires_in").orElse(SECONDS);
        return Renewing.Lent.until("Bearer " + token, Instant.now().plusSeconds(seconds));
    }

    private Asking.Builder request(URI realm, Map<String, String> parameters) {
        if (login.isPresent() && login.get().identityToken()) {
            var form = new LinkedHashMap<>(parameters);
            form.put("grant_type", "refresh_token");
            form.put("client_id", "marea");
            form.put("refresh_token", login.get().password());
            return () ->
                    HttpRequest.newBuilder(realm)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(Percent.query(form)));
        }
        var joint = realm.getRawQuery() == null ? "?" : "&";
        var address = URI.create(realm + joint + Percent.query(parameters));
        return () -> {
            var request = HttpRequest.newBuilder(address);
            login.ifPresent(held -> request.header("Authorization", held.basic()));
            return request;
        };
    }

    /** A password goes over TLS, unless the registry itself is spoken to without. */
    private URI realm(Challenge wanted) throws FetchFailure {
        try {
            var realm = URI.create(wanted.parameter("realm"));
            boolean safe =
                    "https".equals(realm.getScheme())
                            || ("http".equals(realm.getScheme())
                                    && "http".equals(root.getScheme()));
            if (safe && realm.getHost() != null) {
                return realm;
            }
        } catch (IllegalArgumentException bad) {
            // told below
        }
        throw FetchFailure.lasting(
                talk.subject() + ": the registry names no https address where tokens are given");
    }
}
