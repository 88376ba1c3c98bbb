package dev.marea.kubernetes.certs;

import dev.marea.wire.http.Certificates.Pem;
import dev.marea.wire.http.Certificates.Root;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** How a keyring lies in a Secret, under the names that others give such parts too. */
final class KeyringSecret {
    private static final String TRUST = "ca.crt";
    private static final String SERVING = "tls.crt";
    private static final String SERVING_KEY = "tls.key";
    private static final String ROOT = "root.crt";
    private static final String ROOT_KEY = "root.key";
    private static final String NEXT = "next.crt";
    private static final String NEXT_KEY = "next.key";
    private static final String NEXT_SINCE = "next.since";
    private static final String FORMER = "former.crt";
    private static final String CLIENT = "client.crt";
    private static final String CLIENT_KEY = "client.key";

    private KeyringSecret() {}

    /** A part that is not there is null, so that a merge takes it away. */
    static Json.Obj data(Keyring ring) {
        var next = ring.next();
        var parts = new LinkedHashMap<String, Json>();
        put(parts, TRUST, Optional.of(ring.trust()));
        put(parts, SERVING, Optional.of(ring.serving().chain()));
        put(parts, SERVING_KEY, Optional.of(ring.serving().key()));
        put(parts, ROOT, Optional.of(ring.root().pem().chain()));
        put(parts, ROOT_KEY, Optional.of(ring.root().pem().key()));
        put(parts, NEXT, next.map(n -> n.root().pem().chain()));
        put(parts, NEXT_KEY, next.map(n -> n.root().pem().key()));
        put(parts, NEXT_SINCE, next.map(n -> n.since().toString()));
        put(parts, FORMER, ring.former());
        put(parts, CLIENT, Optional.of(ring.client().chain()));
        put(parts, CLIENT_KEY, Optional.of(ring.client().key()));
        return new Json.Obj(parts);
    }

    /** What a gateway mounts. */
    static Json.Obj clientData(Keyring ring) {
        var parts = new LinkedHashMap<String, Json>();
        put(parts, TRUST, Optional.of(ring.trust()));
        put(parts, SERVING, Optional.of(ring.client().chain()));
        put(parts, SERVING_KEY, Optional.of(ring.client().key()));
        return new Json.Obj(parts);
    }

    static Keyring read(Json.Obj secret) throws IOException {
        var root = root(secret, ROOT, ROOT_KEY);
        var next =
                part(secret, NEXT).isPresent()
                        ? Optional.of(new Keyring.Next(root(secret, NEXT, NEXT_KEY), since(secret)))
                        : Optional.<Keyring.Next>empty();
        return new Keyring(
                root,
                next,
                part(secret, FORMER),
                pem(secret, SERVING, SERVING_KEY),
                pem(secret, CLIENT, CLIENT_KEY));
    }

    /** What the doors need of a Secret that somebody else fills. */
    static Papers papers(Json.Obj secret) throws IOException {
        return new Papers(pem(secret, SERVING, SERVING_KEY), needed(secret, TRUST));
    }

    private static Root root(Json.Obj secret, String certificate, String key) throws IOException {
        return new Root(pem(secret, certificate, key));
    }

    private static Pem pem(Json.Obj secret, String certificate, String key) throws IOException {
        return new Pem(needed(secret, certificate), needed(secret, key));
    }

    private static Instant since(Json.Obj secret) throws IOException {
        try {
            return Instant.parse(needed(secret, NEXT_SINCE));
        } catch (DateTimeException odd) {
            throw new IOException(NEXT_SINCE + " is no time", odd);
        }
    }

    private static String needed(Json.Obj secret, String name) throws IOException {
        return part(secret, name)
                .orElseThrow(() -> new IOException("it has no part " + name + " in base64"));
    }

    private static Optional<String> part(Json.Obj secret, String name) {
        try {
            return secret.text("data", name)
                    .map(t -> new String(Base64.getDecoder().decode(t), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static void put(SequencedMap<String, Json> parts, String name, Optional<String> text) {
        parts.put(name, text.map(KeyringSecret::base64).orElse(Json.Null.VALUE));
    }

    static Json base64(String text) {
        return Json.of(
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
