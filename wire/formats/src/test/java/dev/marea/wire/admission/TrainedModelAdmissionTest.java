package dev.marea.wire.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainedModelAdmissionTest {
    private static final String GOOD =
            "{inferenceService: shop, model: {storageUri: 'https://host/model.pkl', framework: sklearn, memory: 256Mi}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'https://host/model.pkl' | ftp://host/m | spec.model.storageUri: scheme ftp:// is not known",
                "'https://host/model.pkl' | pvc://claim/m | spec.model.storageUri: pvc:// cannot be mounted",
                "'https://host/model.pkl' | /a/../b | spec.model.storageUri: must not have \"..\"",
                "'https://host/model.pkl' | http://169.254.169.254/m | spec.model.storageUri: must not name 169.254.169.254",
                "256Mi | lots | spec.model.memory: must be an amount such as 256Mi",
                "256Mi | -1Mi | spec.model.memory: must be an amount such as 256Mi",
                "256Mi | [1] | spec.model.memory: must be an integer or a string",
                "memory: 256Mi | memry: 256Mi | spec.model.memory: is missing",
                "framework: | frame: | spec.model.framework: is missing",
                "inferenceService: shop | x: 1 | spec.inferenceService: is missing",
            })
    void aMistakeIsNamedWithItsField(String good, String bad, String error) {
        var text = GOOD.replace(good.replace("'", ""), bad).replace("'", "\"");
        assertThat(errors(Optional.empty(), model("m", text)))
                .anySatisfy(told -> assertThat(told).startsWith(error));
    }

    @ParameterizedTest
    @CsvSource({"256Mi", "268435456", "0.25Gi"})
    void memoryIsAnAmountInAnySpelling(String memory) {
        var spelt = model("m", GOOD.replace("256Mi", memory));
        assertThat(errors(Optional.of(model("m", GOOD)), spelt)).isEmpty();
    }

    @Test
    void aSchemeThatIsNotBuiltYetIsSaidByTheModelsStatus() {
        assertThat(
                        errors(
                                Optional.empty(),
                                model("m", GOOD.replace("https://host", "s3://bucket"))))
                .isEmpty();
    }

    @Test
    void memoryAndServiceStayAsTheyWereAndTheUriMayChange() {
        var before = Optional.of(model("m", GOOD));
        assertThat(errors(before, model("m", GOOD.replace("256Mi", "512Mi"))))
                .singleElement()
                .asString()
                .startsWith("spec.model.memory: cannot be changed");
        assertThat(errors(before, model("m", GOOD.replace("shop", "other"))))
                .singleElement()
                .asString()
                .startsWith("spec.inferenceService: cannot be changed");
        assertThat(errors(before, model("m", GOOD.replace("model.pkl", "next.pkl")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Model", "a.b", "a_b", "-a"})
    void aNameIsADirectoryAndAPartOfUrls(String name) {
        assertThat(errors(Optional.empty(), model(name, GOOD)))
                .singleElement()
                .asString()
                .startsWith("metadata.name");
    }

    @Test
    void onAClusterFilesOfNodesAreNotOpenedToTenants() {
        var file = model("m", GOOD.replace("https://host", "file:///srv"));
        assertThat(errors(Optional.empty(), file)).isEmpty();
        assertThat(new TrainedModelAdmission(false).review(Optional.empty(), file).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("spec.model.storageUri"));
    }

    private static List<String> errors(Optional<Json.Obj> before, Json.Obj after) {
        return new TrainedModelAdmission(true)
                .review(before, after).errors().stream()
                        .map(e -> e.field() + ": " + e.message())
                        .toList();
    }

    private static Json.Obj model(String name, String spec) {
        try {
            return (Json.Obj)
                    Yaml.read(
                                    """
                                    apiVersion: serving.kserve.io/v1alpha1
                                    kind: TrainedModel
                                    metadata: {name: "%s", namespace: default}
                                    spec: %s
                                    """
                                            .formatted(name, spec))
                            .getFirst();
        } catch (MalformedJson bad) {
            throw new AssertionError(bad);
        }
    }
}
