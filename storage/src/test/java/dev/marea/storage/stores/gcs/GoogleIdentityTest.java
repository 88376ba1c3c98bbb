package dev.marea.storage.stores.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import dev.marea.storage.stores.Secretly;
import dev.marea.wire.json.Json;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoogleIdentityTest {
    private static final String KEY = "gcloud-application-credentials.json";

    @TempDir Path root;

    @Test
    void aKeyFileGetsItsTokenThroughOurOwnHttp() throws Exception {
        var http = new Canned(GoogleIdentityTest::answer);
        new GcsStore()
                .list(
                        new StoreUri("gs://models/m"),
                        secret(account("https://oauth2.example.com/token")),
                        http);
        assertThat(http.requests.getFirst().uri().getHost()).isEqualTo("oauth2.example.com");
        assertThat(http.administrators.getFirst())
                .as("a tenant names where tokens are given")
                .isFalse();
        assertThat(http.last().headers().firstValue("Authorization")).contains("Bearer google");
    }

    @Test
    void aSecretMayNotNameFilesAndProgramsOfThisMachine() {
        assertThatThrownBy(() ->
                        GoogleIdentity.of(
                                secret(
                                        "{\"type\": \"external_account\", \"credential_source\": {\"file\": \"/etc/shadow\"}}"),
                                new Canned(GoogleIdentityTest::answer)))
                .hasMessageContaining("external_account")
                .hasMessageContaining("key " + KEY + " of Secret let-in");
    }

    @Test
    void aBrokenKeyFileIsNamedAndNotQuoted() {
        var broken = account("https://oauth2.example.com/token").replace("BEGIN", "hidden");
        assertThatThrownBy(() ->
                        GoogleIdentity.of(secret(broken), new Canned(GoogleIdentityTest::answer)))
                .hasMessageContaining("key " + KEY + " of Secret let-in")
                .hasMessageNotContaining("hidden")
                .hasNoCause();
    }

    @Test
    void theMetadataServerIsAskedWhereThereIsOne() throws Exception {
        var http = new Canned(GoogleIdentityTest::answer);
        new GcsStore()
                .list(
                        new StoreUri("gs://models/m"),
                        Access.read(Map.of("GCE_METADATA_HOST", "metadata.example.com")),
                        http);
        assertThat(http.requests.getFirst().uri().getHost()).isEqualTo("metadata.example.com");
        assertThat(http.requests.getFirst().headers().firstValue("Metadata-Flavor"))
                .contains("Google");
        assertThat(http.last().headers().firstValue("Authorization")).contains("Bearer google");
    }

    @Test
    void withoutCredentialsAPublicBucketIsAskedAsAnybody() throws Exception {
        var http = new Canned(GoogleIdentityTest::answer);
        new GcsStore()
                .list(
                        new StoreUri("gs://models/m"),
                        Access.read(Map.of("NO_GCE_CHECK", "true")),
                        http);
        assertThat(http.last().headers().firstValue("Authorization")).isEmpty();
    }

    @Test
    void anObjectKeptInGzipHasNoSizeToCheck() throws Exception {
        var http =
                new Canned(_ ->
                        Said.of(
                                200,
                                "{\"name\": \"m\", \"generation\": \"7\", \"size\": \"10\", \"md5Hash\": \"kAFQmDzST7DWlj99KOF/cg==\", \"contentEncoding\": \"gzip\"}"));
        var file =
                new GcsStore()
                        .list(
                                new StoreUri("gs://models/m"),
                                Access.read(Map.of("NO_GCE_CHECK", "1")),
                                http)
                        .files()
                        .getFirst();
        assertThat(file.size()).isEqualTo(-1);
        assertThat(file.sum()).isEmpty();
        assertThat(file.version()).contains("7");
    }

    private Access secret(String json) throws Exception {
        return Secretly.access(root, Map.of(), Map.of(KEY, json), Map.of());
    }

    private static Said answer(HttpRequest request) {
        if (request.uri().getPath().contains("token")) {
            return Said.of(
                            200,
                            "{\"access_token\": \"google\", \"expires_in\": 3600, \"token_type\": \"Bearer\"}")
                    .with("Content-Type", "application/json");
        }
        return request.uri().getPath().endsWith("/o")
                ? Said.of(
                        200,
                        "{\"items\": [{\"name\": \"m/a\", \"generation\": \"1\", \"size\": \"1\"}]}")
                : Said.of(404, "{}");
    }

    private static String account(String tokens) {
        try {
            var pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
            var key = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
            return Json.Obj.of(
                            "type", "service_account",
                            "client_id", "1",
                            "client_email", "reader@acme.example.com",
                            "private_key_id", "1",
                            "private_key",
                                    "-----BEGIN PRIVATE KEY-----\n"
                                            + key
                                            + "\n-----END PRIVATE KEY-----\n",
                            "token_uri", tokens)
                    .toString();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
