package dev.marea.storage.stores.oci;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.credentials.Sensitive;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The user and password that a docker configuration has for a registry. */
record Login(String user, String password, boolean identityToken, String place) {
    private static final String[] KEYS = {".dockerconfigjson", "config.json", ".dockercfg"};
    private static final long BYTES_MAX = 1 << 20;

    /** Of the Secrets first, then of the files that docker's own clients read. */
    static Optional<Login> of(String registry, Access access) {
        return configurations(access).stream()
                .flatMap(configuration -> of(registry, configuration).stream())
                .findFirst();
    }

    private static List<Sensitive> configurations(Access access) {
        var found = new ArrayList<Sensitive>();
        for (var secret : access.secrets()) {
            secret.first(KEYS).ifPresent(found::add);
        }
        Stream.of(
                        access.administrators("KSERVE_OCI_DOCKER_CONFIG").map(Path::of),
                        access.administrators("DOCKER_CONFIG")
                                .map(dir -> Path.of(dir, "config.json")),
                        access.administrators("HOME")
                                .map(home -> Path.of(home, ".docker", "config.json")))
                .flatMap(Optional::stream)
                .forEach(file -> read(file).ifPresent(found::add));
        return found;
    }

    private static Optional<Sensitive> read(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= BYTES_MAX
                    ? Optional.of(new Sensitive(Files.readString(file), file.toString()))
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Login> of(String registry, Sensitive configuration) {
        try {
            var json = JsonReader.read(configuration.reveal());
            var auths = json.at("auths").isPresent() ? json.object("auths") : json.object();
            return auths.fields().entrySet().stream()
                    .filter(entry -> host(entry.getKey()).equals(registry))
                    .flatMap(entry -> login(entry.getValue(), configuration.place()).stream())
                    .findFirst();
        } catch (JsonReader.MalformedJson secretText) {
            return Optional.empty();
        }
    }

    /** {@code https://index.docker.io/v1/} is how docker itself writes its own. */
    private static String host(String key) {
        var bare = key.replaceFirst("^https?://", "");
        int slash = bare.indexOf('/');
        var host = slash < 0 ? bare : bare.substring(0, slash);
        return host.equals("index.docker.io") || host.equals("docker.io")
                ? "registry-1.docker.io"
                : host;
    }

    private static Optional<Login> login(Json entry, String place) {
        var token = entry.text("identitytoken").filter(text -> !text.isBlank());
        if (token.isPresent()) {
            return Optional.of(new Login("<token>", token.get(), true, place));
        }
        var user = entry.text("username");
        var password = entry.text("password");
        if (user.isPresent() && password.isPresent()) {
            return Optional.of(new Login(user.get(), password.get(), false, place));
        }
        return entry.text("auth").flatMap(auth -> decoded(auth, place));
    }

    private static Optional<Login> decoded(String auth, String place) {
        try {
            var pair = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(
                            new Login(
                                    pair.substring(0, colon),
                                    pair.substring(colon + 1),
                                    false,
                                    place));
        } catch (IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    String basic() {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Login[" + user + ", " + place + "]";
    }
}
