package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageContainerTest {
    @ParameterizedTest
    @CsvSource({
        "model-registry://iris, mine",
        "https://models.corp/iris, mine",
        "https://models.other/iris, (none)",
        "s3://bucket/p, (none)"
    })
    void takesWhatItsFormatsMatch(String uri, String name) throws Exception {
        var chosen = StorageContainer.choose(List.of(read("mine")), Optional.empty(), uri);
        assertThat(chosen.map(StorageContainer::name).orElse("(none)")).isEqualTo(name);
    }

    @Test
    void theOneThatKServeShipsIsLeftAsideForWhatWeFetchFaster() throws Exception {
        var shipped = List.of(read("default"));
        assertThat(StorageContainer.choose(shipped, Optional.empty(), "https://a.corp/m"))
                .isEmpty();
        assertThat(StorageContainer.choose(shipped, Optional.empty(), "model-registry://m"))
                .isPresent();
        assertThat(StorageContainer.choose(shipped, Optional.of("default"), "https://a.corp/m"))
                .as("named by the predictor")
                .isPresent();
    }

    @Test
    void oneThatIsDisabledOrForNodesTakesNothingOfReplicas() throws Exception {
        var disabled = StorageContainer.read(tree("mine").with("disabled", Json.of(true)));
        var job =
                StorageContainer.read(
                        tree("mine")
                                .withAt(
                                        List.of("spec", "workloadType"),
                                        Json.of("localModelDownloadJob")));
        for (var other : List.of(disabled, job)) {
            assertThat(
                            StorageContainer.choose(
                                    List.of(other), Optional.empty(), "model-registry://m"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'[{prefix: a, regex: b}]', 'spec.supportedUriFormats[0]'",
        "'[{}]', 'spec.supportedUriFormats[0]'",
        "'[{regex: \"(\"}]', 'no regular expression'",
        "'[{prefixx: a}]', 'did you mean \"prefix\"?'"
    })
    void refusesWhatMatchesNothing(String formats, String message) {
        var tree =
                tree("mine")
                        .withAt(
                                List.of("spec", "supportedUriFormats"),
                                yaml("formats: " + formats).at("formats").orElseThrow());
        assertThatThrownBy(() -> StorageContainer.read(tree))
                .isInstanceOf(InvalidManifest.class)
                .hasMessageContaining(message);
    }

    private static StorageContainer read(String name) throws InvalidManifest {
        return StorageContainer.read(tree(name));
    }

    private static Json.Obj tree(String name) {
        return yaml(
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: ClusterStorageContainer
                metadata: {name: %s}
                spec:
                  container: {name: storage-initializer, image: "hub:1"}
                  supportedUriFormats: [{prefix: "model-registry://"}, {regex: "https://(.+?)[.]corp/.*"}]
                """
                        .formatted(name));
    }

    private static Json.Obj yaml(String text) {
        try {
            return (Json.Obj) Yaml.read(text).getFirst();
        } catch (Exception bad) {
            throw new AssertionError(text, bad);
        }
    }
}
