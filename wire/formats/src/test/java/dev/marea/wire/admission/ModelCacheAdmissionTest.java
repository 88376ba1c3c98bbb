package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCacheAdmissionTest {
    private static final Admission ADMISSION = new ModelCacheAdmission(false);

    private static Json.Obj cache(String uri, String size) {
        return yaml(
                "{metadata: {name: c}, spec: {sourceModelUri: '%s', modelSize: '%s', nodeGroups: [g]}}"
                        .formatted(uri, size));
    }

    @ParameterizedTest
    @CsvSource({
        "hf://o/m, 4Gi, ''",
        "s3://bucket/m, 100, ''",
        "pvc://claim/m, 1Gi, spec.sourceModelUri: needs no cache",
        "nope://x, 1Gi, spec.sourceModelUri: scheme nope:// is not known",
        "hdfs://h/m, 1Gi, spec.sourceModelUri: storageUri with hdfs:// is not served",
        "http://169.254.169.254/m, 1Gi, spec.sourceModelUri: must not name",
        "http://localhost:1/m, 1Gi, spec.sourceModelUri: must not name",
        "hf://o/m, large, spec.modelSize: must be an amount",
        "hf://o/m, 0, spec.modelSize: must be an amount"
    })
    void isJudgedAsAServicesModelIs(String uri, String size, String error) {
        var errors = ADMISSION.review(Optional.empty(), cache(uri, size)).errors();
        assertThat(errors.stream().map(e -> e.field() + ": " + e.message()).findFirst().orElse(""))
                .startsWith(error);
    }

    @Test
    void itsModelCannotBeExchanged() {
        var before = cache("hf://o/m", "1Gi");
        assertThat(ADMISSION.review(Optional.of(before), cache("hf://o/n", "1Gi")).errors())
                .extracting(Admission.FieldError::field)
                .containsExactly("spec.sourceModelUri");
        assertThat(ADMISSION.review(Optional.of(before), cache("hf://o/m", "2Gi")).errors())
                .isEmpty();
    }

    @Test
    void aGroupNeedsALimit() {
        var groups = new NodeGroupAdmission();
        assertThat(
                        groups.review(
                                        Optional.empty(),
                                        yaml("{metadata: {name: g}, spec: {storageLimit: 1Ti}}"))
                                .errors())
                .isEmpty();
        assertThat(
                        groups.review(
                                        Optional.empty(),
                                        yaml("{metadata: {name: g}, spec: {storageLimit: much}}"))
                                .errors())
                .hasSize(1);
    }
}
