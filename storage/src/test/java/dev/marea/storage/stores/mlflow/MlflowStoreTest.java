package dev.marea.storage.stores.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.Canned;
import dev.marea.storage.stores.Canned.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowStoreTest {
    private final List<String> delegated = new ArrayList<>();

    @Test
    void anAliasIsPinnedToItsVersionAndTheModelItNames() throws Exception {
        var listing = list("models:/iris@champion", "s3://bucket/0/models/m-1/artifacts");
        assertThat(listing.pinned()).isEqualTo("models:/iris/7");
        assertThat(listing.digest()).contains("models:/m-1");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/a/artifacts, s3://bucket/a/artifacts/",
        "gs://bucket/a/, gs://bucket/a/",
        "wasbs://box@acme.blob.core.windows.net/a, https://acme.blob.core.windows.net/box/a"
    })
    void filesOfAnotherStoreComeFromThere(String artifacts, String uri) throws Exception {
        list("models:/iris/7", artifacts);
        assertThat(delegated).containsExactly(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/mlruns/0/artifacts", "file:///etc", "http://169.254.169.254/", "dbfs:/x"})
    void aRegistryCannotSendUsToADiskOrAnAddress(String artifacts) {
        assertThatThrownBy(() -> list("models:/iris/7", artifacts))
                .hasMessageContaining(artifacts)
                .hasMessageContaining("--serve-artifacts");
        assertThat(delegated).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"models:/iris", "models:/iris@", "models:/iris/latest", "models:/a/b/3"})
    void whatNamesNoVersionIsRefused(String uri) {
        assertThatThrownBy(() -> list(uri, "s3://b/a")).hasMessageContaining("models:/name@alias");
    }

    @Test
    void withoutATrackingServerItSaysWhichVariableNamesOne() {
        assertThatThrownBy(() ->
                        new MlflowStore((there, _, _) ->
                                new Listing(there.text(), Optional.empty(), List.of()))
                                .list(
                                        new StoreUri("models:/iris/7"),
                                        Access.NONE,
                                        new Canned(_ -> Said.of(200, "{}"))))
                .hasMessageContaining("MLFLOW_TRACKING_URI");
    }

    private Listing list(String uri, String artifacts) throws Exception {
        var http =
                new Canned(request ->
                        request.uri().getPath().endsWith("get-download-uri")
                                ? Said.of(200, "{\"artifact_uri\": \"" + artifacts + "\"}")
                                : Said.of(
                                        200,
                                        "{\"model_version\": {\"version\": \"7\", \"source\": \"models:/m-1\"}}"));
        var access = Access.read(Map.of("MLFLOW_TRACKING_URI", "https://mlflow.example.com/"));
        return new MlflowStore(
                        (there, _, _) -> {
                            delegated.add(there.text());
                            return new Listing(there.text(), Optional.empty(), List.of());
                        })
                .list(new StoreUri(uri), access, http);
    }
}
