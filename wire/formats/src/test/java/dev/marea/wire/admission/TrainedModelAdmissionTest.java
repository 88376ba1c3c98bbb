package dev.marea.wire.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.Quantities;
import dev.marea.wire.kserve.TrainedModels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainedModelAdmissionTest {
    private static final String GOOD =
            "{inferenceService: many, model: {storageUri: /m/a, framework: sklearn, memory: 256Mi}}";

    @Test
    void aGoodOneIsAdmittedWhetherItsServiceIsThereOrNot() throws Exception {
        assertThat(review("flowers", GOOD)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/m/a | s3://b/m | spec.model.storageUri | with s3:// is not served by this release",
                "/m/a | pvc://c/m | spec.model.storageUri | cannot be a claim",
                "/m/a | ftp://b/m | spec.model.storageUri | scheme ftp:// is not known",
                "/m/a | m/a | spec.model.storageUri | has no scheme",
                "/m/a | http://169.254.169.254/m | spec.model.storageUri | credentials may be",
                "256Mi | lots | spec.model.memory | must be an amount of memory",
                "256Mi | 0 | spec.model.memory | must be an amount of memory",
                "256Mi | -1Gi | spec.model.memory | must be an amount of memory",
                "framework | frameork | spec.model.framework | is missing",
                "inferenceService: many, | '' | spec.inferenceService | is missing",
            })
    void aMistakeIsToldWithItsFieldAndTheFix(
            String part, String instead, String field, String message) throws Exception {
        assertThat(review("flowers", GOOD.replace(part, instead)))
                .filteredOn(e -> e.field().equals(field))
                .singleElement()
                .matches(e -> e.message().contains(message), "says " + message);
    }

    @ParameterizedTest
    @CsvSource({"with.dot", "with/slash", "''"})
    void aNameIsAPartOfAPath(String name) throws Exception {
        assertThat(review(name, GOOD))
                .extracting(FieldError::field)
                .containsExactly("metadata.name");
    }

    @Test
    void onAClusterNoFileOfANodeIsAModel() throws Exception {
        assertThat(
                        new TrainedModelAdmission(false)
                                .review(Optional.empty(), model("a", GOOD))
                                .errors())
                .extracting(FieldError::field)
                .containsExactly("spec.model.storageUri");
    }

    @Test
    void theFilesMayChangeButNeitherTheMemoryNorTheService() throws Exception {
        var before = Optional.of(model("a", GOOD));
        var judge = new TrainedModelAdmission(true);
        assertThat(judge.review(before, model("a", GOOD.replace("/m/a", "/m/b"))).errors())
                .isEmpty();
        assertThat(judge.review(before, model("a", GOOD.replace("256Mi", "268435456"))).errors())
                .as("the same amount, written otherwise")
                .isEmpty();
        assertThat(judge.review(before, model("a", GOOD.replace("256Mi", "1Gi"))).errors())
                .containsExactly(
                        FieldError.invalid(
                                "spec.model.memory",
                                "cannot change from 256Mi to 1Gi; delete the model and create it anew"));
        assertThat(judge.review(before, model("a", GOOD.replace("many", "few"))).errors())
                .extracting(FieldError::field)
                .containsExactly("spec.inferenceService");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1k, 1000",
        "1Ki, 1024",
        "1.5Gi, 1610612736",
        "2M, 2000000",
        "1e3, 1000",
        "9999999999Ei, 9223372036854775807"
    })
    void memoryIsReadAsKubernetesReadsIt(String text, long bytes) {
        assertThat(Quantities.memory(Optional.of(new Json.Str(text))).orElseThrow().bytes())
                .isEqualTo(bytes);
    }

    @Test
    void theListOfModelsIsKServesOwn() throws Exception {
        var models =
                List.of(TrainedModels.read(model("b", GOOD)), TrainedModels.read(model("a", GOOD)));
        assertThat(TrainedModels.config(models).toString())
                .startsWith(
                        "[{\"modelName\":\"a\",\"modelSpec\":{\"storageUri\":\"/m/a\",\"framework\":\"sklearn\",\"memory\":\"256Mi\"}},");
    }

    private static List<FieldError> review(String name, String spec) throws MalformedJson {
        return new TrainedModelAdmission(true).review(Optional.empty(), model(name, spec)).errors();
    }

    private static Json.Obj model(String name, String spec) throws MalformedJson {
        return (Json.Obj)
                Yaml.read(
                                """
                                apiVersion: serving.kserve.io/v1alpha1
                                kind: TrainedModel
                                metadata: {name: '%s', namespace: ns}
                                spec: %s
                                """
                                        .formatted(name, spec))
                        .getFirst();
    }
}
