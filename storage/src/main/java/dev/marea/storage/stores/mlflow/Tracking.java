package dev.marea.storage.stores.mlflow;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Source;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A tracking server: what it says of registered models. */
record Tracking(String base, Optional<String> authorization, Conversation talk) {
    private static final String ADDRESS = "MLFLOW_TRACKING_URI";

    /** A registered model's version; its source names the very artefact. */
    record Version(String number, String source) {}

    static Tracking of(StoreUri uri, Access access, Asking http) throws FetchFailure {
        var source =
                access.holding(ADDRESS)
                        .orElseThrow(() ->
                                FetchFailure.lasting(
                                        uri
                                                + ": no tracking server is named; "
                                                + access.advice(
                                                        ADDRESS
                                                                + " and, if it asks for it, MLFLOW_TRACKING_TOKEN")));
        var base = source.setting("", ADDRESS).orElse("").replaceFirst("/+$", "");
        try {
            if (URI.create(base).getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
        } catch (IllegalArgumentException bad) {
            throw FetchFailure.lasting(
                    ADDRESS
                            + " of "
                            + source.name()
                            + " is no address such as https://mlflow.example.com");
        }
        var talk =
                new Conversation(
                        http,
                        uri.toString(),
                        source.administrators(),
                        status -> advice(status, source));
        return new Tracking(base, authorization(source), talk);
    }

    private static Optional<String> authorization(Source source) {
        var token = source.setting("", "MLFLOW_TRACKING_TOKEN").map(held -> "Bearer " + held);
        if (token.isPresent()) {
            return token;
        }
        var user = source.setting("", "MLFLOW_TRACKING_USERNAME");
        var password = source.setting("", "MLFLOW_TRACKING_PASSWORD");
        return user.isPresent() && password.isPresent()
                ? Optional.of("Basic " + base64(user.get() + ":" + password.get()))
                : Optional.empty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    Version aliased(String name, String alias) throws FetchFailure, InterruptedException {
        return version(ask("registered-models/alias", Map.of("name", name, "alias", alias)));
    }

    Version version(String name, String number) throws FetchFailure, InterruptedException {
        return version(ask("model-versions/get", Map.of("name", name, "version", number)));
    }

    private Version version(Json.Obj answer) throws FetchFailure {
        var version = answer.object("model_version");
        var number = version.text("version").orElse("");
        if (!number.matches("\\d{1,18}")) {
            throw FetchFailure.passing(talk.subject() + ": the registry names no version");
        }
        return new Version(number, version.text("source").orElse(""));
    }

    /** Where the files of a version lie. */
    String artifacts(String name, String number) throws FetchFailure, InterruptedException {
        return ask("model-versions/get-download-uri", Map.of("name", name, "version", number))
                .text("artifact_uri")
                .orElseThrow(() ->
                        FetchFailure.passing(
                                talk.subject() + ": the registry does not say where it lies"));
    }

    private Json.Obj ask(String what, Map<String, String> query)
            throws FetchFailure, InterruptedException {
        var address =
                URI.create(
                        base
                                + "/api/2.0/mlflow/"
                                + what
                                + "?"
                                + Percent.query(new LinkedHashMap<>(query)));
        return talk.json(() -> get(address));
    }

    HttpRequest.Builder get(URI address) {
        var request = HttpRequest.newBuilder(address);
        letIn(request);
        return request;
    }

    void letIn(HttpRequest.Builder request) {
        authorization.ifPresent(header -> request.header("Authorization", header));
    }

    private static String advice(int status, Source source) {
        return switch (status) {
            case 401, 403 ->
                    "check MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, of "
                            + source.name();
            case 400, 404 -> "check the model's name and its alias or version";
            default -> "";
        };
    }

    /** The header is a secret. */
    @Override
    public String toString() {
        return "Tracking[" + base + "]";
    }
}
