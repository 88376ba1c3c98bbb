package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import org.junit.jupiter.api.Test;

class CanaryStepsTest {
    private static final String BLOCK =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: iris, namespace: default}
            spec:
              predictor:
                model:
                  modelFormat: {name: sklearn}
                  storageUri: file:///one
                  env: [{name: A, value: b}]
                canaryTrafficPercent: 10
                canary:
                  model: {modelFormat: {name: sklearn}, storageUri: file:///two}
            """;

    @Test
    void promoteWritesTheCanarysModelAndDropsBlockAndPercent() throws Exception {
        assertThat(CanarySteps.promote(service(BLOCK)))
                .isEqualTo(
                        service(
                                "spec: {predictor: {model: {storageUri: file:///two}, canaryTrafficPercent: null, canary: null}}"));
    }

    @Test
    void rollbackDropsTheBlock() throws Exception {
        assertThat(CanarySteps.rollback(service(BLOCK)))
                .isEqualTo(
                        service("spec: {predictor: {canaryTrafficPercent: null, canary: null}}"));
    }

    @Test
    void aPercentAloneIsDroppedOrSetToZero() throws Exception {
        var percent = service(BLOCK.replaceAll("(?s)    canary:.*", ""));
        assertThat(CanarySteps.promote(percent))
                .isEqualTo(service("spec: {predictor: {canaryTrafficPercent: null}}"));
        assertThat(CanarySteps.rollback(percent))
                .isEqualTo(service("spec: {predictor: {canaryTrafficPercent: 0}}"));
    }

    private static Json.Obj service(String yaml) throws Exception {
        return (Json.Obj) Yaml.read(yaml).getFirst();
    }
}
