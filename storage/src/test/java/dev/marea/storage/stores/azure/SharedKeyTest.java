package dev.marea.storage.stores.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import dev.marea.storage.stores.Secretly;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedKeyTest {
    private static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

    @TempDir Path root;

    /** The signature was computed by Azure's own Python client for the same request. */
    @Test
    void signsAsTheVendorsClientDoes() {
        var signed =
                new SharedKey("acme", "bm8gc2VjcmV0LCBvbmx5IGEga2V5IG9mIGFuIGVtdWxhdG9y", NOON)
                        .signed(
                                "GET",
                                URI.create(
                                        "https://acme.blob.core.windows.net/models?restype=container&comp=list&prefix=iris%2F"),
                                Map.of("x-ms-version", "2021-12-02"));
        assertThat(signed)
                .containsEntry("x-ms-date", "Wed, 25 Nov 2026 12:00:00 GMT")
                .containsEntry(
                        "Authorization",
                        "SharedKey acme:l17/WF2xQ1jwdIOf7p2VVcD+PFAhIEn+JSfGzh1st3w=");
    }

    @Test
    void anApplicationsTokenComesFromEntraThroughOurOwnHttp() throws Exception {
        var http =
                new Canned(request ->
                        request.uri().getHost().equals("login.example.com")
                                ? Said.of(
                                                200,
                                                "{\"token_type\": \"Bearer\", \"expires_in\": 3600, \"access_token\": \"entra\"}")
                                        .with("Content-Type", "application/json")
                                : Said.of(
                                        200,
                                        "<R><Blobs><Blob><Name>m/a</Name><Properties><Content-Length>1</Content-Length></Properties></Blob></Blobs></R>"));
        var access =
                Secretly.access(
                        root,
                        Map.of("AZURE_AUTHORITY_HOST", "https://login.example.com"),
                        Map.of(
                                "AZ_CLIENT_ID",
                                "app",
                                "AZ_TENANT_ID",
                                "11111111-2222-3333-4444-555555555555",
                                "AZ_CLIENT_SECRET",
                                "hidden"),
                        Map.of());
        new BlobStore()
                .list(new StoreUri("https://acme.blob.core.windows.net/models/m/"), access, http);
        assertThat(http.last().headers().firstValue("Authorization")).contains("Bearer entra");
    }

    @Test
    void aSharedSignatureGoesWithEveryAddressAndIntoNoMessage() throws Exception {
        var http =
                new Canned(_ ->
                        Said.of(
                                403,
                                "<Error><Code>AuthorizationFailure</Code><Message>no: sig=abc</Message></Error>"));
        var access =
                Secretly.access(
                        root,
                        Map.of(),
                        Map.of("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=hidden"),
                        Map.of());
        var uri = new StoreUri("https://acme.blob.core.windows.net/models/m/");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new BlobStore().list(uri, access, http))
                .hasMessageContaining("AZURE_STORAGE_SAS_TOKEN of Secret let-in")
                .hasMessageContaining("AuthorizationFailure")
                .hasMessageNotContaining("hidden")
                .hasMessageNotContaining("sig=abc");
        assertThat(http.last().uri().getRawQuery()).endsWith("&sv=1&sig=hidden");
    }

    @Test
    void theEnvironmentsKeyIsForTheAccountBesideIt() throws Exception {
        var http =
                new Canned(
                        _ -> Said.of(200, "<R><Blobs><Blob><Name>m/a</Name></Blob></Blobs></R>"));
        var access =
                Access.read(
                        Map.of("AZURE_STORAGE_ACCOUNT", "acme", "AZURE_STORAGE_KEY", "aGlkZGVu"));
        new BlobStore()
                .list(new StoreUri("https://other.blob.core.windows.net/models/m/"), access, http);
        assertThat(http.last().headers().firstValue("Authorization")).isEmpty();
    }
}
