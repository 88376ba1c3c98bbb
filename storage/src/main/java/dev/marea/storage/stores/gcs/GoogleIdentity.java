package dev.marea.storage.stores.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Finds whose requests they are: a Secret's key file, the environment's, the machine's account. */
final class GoogleIdentity {
    private static final String KEY = "gcloud-application-credentials.json";
    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";
    private static final String METADATA_HOST = "metadata.google.internal";

    /** Others name files and programs of the machine that reads them: not for tenants. */
    private static final Set<String> OF_TENANTS = Set.of("service_account", "authorized_user");

    private GoogleIdentity() {}

    static Tokens of(Access access, Asking http) throws FetchFailure {
        for (var source : access.secrets()) {
            var key = source.first(KEY);
            if (key.isPresent()) {
                return tokens(key.get().reveal(), key.get().place(), http, false);
            }
        }
        var file = keyFile(access);
        if (file.isPresent()) {
            return tokens(read(file.get()), file.get().toString(), http, true);
        }
        return metadataHost(access)
                .<Tokens>map(host -> new MetadataTokens(host, http))
                .orElseGet(() ->
                        new Tokens.Anonymous(
                                "it was asked without credentials, as none were found; "
                                        + access.advice(KEY)));
    }

    private static Tokens tokens(String json, String place, Asking http, boolean administrators)
            throws FetchFailure {
        var type = type(json);
        if (!administrators && !OF_TENANTS.contains(type)) {
            throw FetchFailure.lasting(
                    "%s is of type \"%s\"; a Secret may hold a key file of type service_account or authorized_user"
                            .formatted(place, type));
        }
        try {
            var bytes = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
            var credentials =
                    GoogleCredentials.fromStream(
                            bytes, () -> new GoogleTransport(http, administrators));
            return new GoogleTokens(credentials.createScoped(SCOPE), place);
        } catch (IOException | RuntimeException bad) {
            // Its message may quote the key.
            throw FetchFailure.lasting(
                    place + " is no key file of Google's; download it anew from the console");
        }
    }

    private static String type(String json) {
        try {
            return JsonReader.read(json) instanceof Json.Obj object
                            && object.fields().get("type") instanceof Json.Str(var type)
                    ? type
                    : "";
        } catch (JsonReader.MalformedJson bad) {
            return "";
        }
    }

    /** What the variable names, or where gcloud keeps a person's own. */
    private static Optional<Path> keyFile(Access access) {
        var named = access.administrators("GOOGLE_APPLICATION_CREDENTIALS").map(Path::of);
        return named.isPresent()
                ? named
                : access.administrators("HOME")
                        .map(home ->
                                Path.of(
                                        home,
                                        ".config",
                                        "gcloud",
                                        "application_default_credentials.json"))
                        .filter(Files::isReadable);
    }

    private static String read(Path file) throws FetchFailure {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            throw FetchFailure.lasting(
                    "GOOGLE_APPLICATION_CREDENTIALS names " + file + ", which cannot be read");
        }
    }

    /** The machine has such an account only where this name is known. */
    private static Optional<String> metadataHost(Access access) {
        var named = access.administrators("GCE_METADATA_HOST");
        if (named.isPresent() || access.administrators("NO_GCE_CHECK").isPresent()) {
            return named;
        }
        try {
            InetAddress.getAllByName(METADATA_HOST);
            return Optional.of(METADATA_HOST);
        } catch (UnknownHostException notGoogles) {
            return Optional.empty();
        }
    }
}
