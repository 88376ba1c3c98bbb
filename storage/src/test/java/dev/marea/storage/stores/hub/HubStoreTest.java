package dev.marea.storage.stores.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import dev.marea.storage.stores.Secretly;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubStoreTest {
    private static final String COMMIT = "5f0c6a3d2b1e4f5a6b7c8d9e0f1a2b3c4d5e6f70";
    private static final String SHA256 =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path root;

    @Test
    void aBranchIsResolvedOnceAndItsFilesAreAskedForByCommit() throws Exception {
        var http = new Canned(_ -> Said.of(200, facts("\"size\": 3")));
        var listing =
                new HubStore().list(new StoreUri("hf://acme/iris:dev/next"), Access.NONE, http);
        assertThat(http.last().uri().toString())
                .endsWith("/api/models/acme/iris/revision/dev%2Fnext?blobs=true");
        assertThat(listing.pinned()).isEqualTo("hf://acme/iris:" + COMMIT);
        assertThat(listing.digest()).contains(COMMIT);
        var file = listing.files().getFirst();
        assertThat(file.origin().request(Optional.empty()).build().uri().getPath())
                .isEqualTo("/acme/iris/resolve/" + COMMIT + "/a b.bin");
    }

    @Test
    void aMirrorThatListsNoSizesIsAskedForEachFile() throws Exception {
        var http =
                new Canned(request ->
                        request.method().equals("HEAD")
                                ? Said.of(302, "")
                                        .with("X-Linked-Size", "42")
                                        .with("X-Linked-Etag", "\"" + SHA256 + "\"")
                                : Said.of(200, facts("\"x\": 1")));
        var file =
                new HubStore()
                        .list(new StoreUri("hf://acme/iris"), Access.NONE, http)
                        .files()
                        .getFirst();
        assertThat(file.size()).isEqualTo(42);
        assertThat(file.sum().orElseThrow().hex()).isEqualTo(SHA256);
    }

    @Test
    void theAdministratorsTokenIsNotGivenToAnEndpointOfASecret() throws Exception {
        var http = new Canned(_ -> Said.of(200, facts("\"size\": 3")));
        var access =
                Secretly.access(
                        root,
                        Map.of("HF_TOKEN", "hidden"),
                        Map.of("HF_ENDPOINT", "https://evil.example.com"),
                        Map.of());
        new HubStore().list(new StoreUri("hf://acme/iris"), access, http);
        assertThat(http.last().uri().getHost()).isEqualTo("evil.example.com");
        assertThat(http.last().headers().firstValue("Authorization")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://iris",
                "hf://acme/iris/more",
                "hf://acme/..",
                "hf:///iris",
                "hf://acme/iris:",
                "hf://acme/iris:a b"
            })
    void whatNamesNoModelIsRefused(String uri) {
        assertThatThrownBy(() ->
                        new HubStore()
                                .list(
                                        new StoreUri(uri),
                                        Access.NONE,
                                        new Canned(_ -> Said.of(200, "{}"))))
                .hasMessageContaining("hf://owner/model");
    }

    private static String facts(String more) {
        return "{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"a b.bin\", %s}]}"
                .formatted(COMMIT, more);
    }
}
