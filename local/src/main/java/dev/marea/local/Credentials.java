package dev.marea.local;

import dev.marea.wire.http.Certificates;
import dev.marea.wire.http.Certificates.Pem;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * Who the API is and who may use it: a self-issued certificate and one token, kept under {@code
 * pki/} and told to clients by the kubeconfig.
 *
 * @param authority the certificate that clients trust, PEM
 */
record Credentials(String authority, Pem server, String token) {
    private static final Duration RENEW_BEFORE = Duration.ofDays(60);
    private static final int TOKEN_BYTES = 32;
    private static final String NAME = "marea";

    static Credentials load(Path home, Clock clock) throws IOException {
        var pki = home.resolve("pki");
        Files.createDirectories(pki);
        var authority = pki.resolve("ca.crt");
        var chain = pki.resolve("api.crt");
        var key = pki.resolve("api.key");
        if (!Files.exists(authority) || !Files.exists(key) || expires(chain, clock)) {
            var issued = Certificates.issue(clock.instant(), List.of());
            issued.server().write(chain, key);
            replace(authority, issued.authority());
        }
        return new Credentials(
                Files.readString(authority), Pem.read(chain, key), token(pki.resolve("token")));
    }

    private static boolean expires(Path chain, Clock clock) throws IOException {
        if (!Files.exists(chain)) {
            return true;
        }
        var end = new Pem(Files.readString(chain), "").validUntil();
        return end.isBefore(clock.instant().plus(RENEW_BEFORE));
    }

    private static String token(Path file) throws IOException {
        if (!Files.exists(file)) {
            var random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            replace(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return Files.readString(file).strip();
    }

    /** For kubectl and every client library. */
    void writeKubeconfig(Path file, String host, int port) throws IOException {
        var cluster =
                Json.Obj.of(
                        "server",
                        "https://%s:%d"
                                .formatted(host.contains(":") ? "[" + host + "]" : host, port),
                        "certificate-authority-data",
                        Base64.getEncoder()
                                .encodeToString(authority.getBytes(StandardCharsets.UTF_8)));
        var context = Json.Obj.of("cluster", NAME, "user", NAME, "namespace", "default");
        replace(
                file,
                Yaml.write(
                        Json.Obj.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Config",
                                "current-context",
                                NAME,
                                "clusters",
                                List.of(named("cluster", cluster)),
                                "contexts",
                                List.of(named("context", context)),
                                "users",
                                List.of(named("user", Json.Obj.of("token", token))))));
    }

    private static Json.Obj named(String field, Json.Obj value) {
        return Json.Obj.of("name", NAME, field, value);
    }

    /** Readable by its owner alone, and never seen half written. */
    private static void replace(Path file, String text) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        var next =
                Files.createTempFile(
                        directory,
                        "." + file.getFileName(),
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "Credentials[" + server + "]";
    }
}
