package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import org.junit.jupiter.api.Test;

class CanaryTest {
    /** The manifest of the article that this project grew from, word for word. */
    private static final String SEED =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: sklearn-iris
              namespace: kserve-test
            spec:
              predictor:
                model:
                  modelFormat:
                    name: sklearn
                  storageUri: "gs://kfserving-examples/models/sklearn/1.0/model-1"
                canaryTrafficPercent: 10
                canary:
                  model:
                    modelFormat:
                      name: sklearn
                    storageUri: "gs://kfserving-examples/models/sklearn/1.0/model-2"
            """;

    private static Json.Obj yaml(String text) throws Exception {
        return (Json.Obj) Yaml.read(text).getFirst();
    }

    @Test
    void theSeedsManifestIsTwoModelsSideBySide() throws Exception {
        var manifest = InferenceServices.read(yaml(SEED));

        assertThat(model(manifest.service().predictor().workload())).endsWith("1.0/model-1");
        assertThat(manifest.service().rollout())
                .isInstanceOfSatisfying(
                        Rollout.SideBySide.class,
                        beside -> {
                            assertThat(beside.traffic()).isEqualTo(new Percent(10));
                            assertThat(model(beside.candidate().workload()))
                                    .endsWith("1.0/model-2");
                        });
        assertThat(manifest.predictor().has("canary")).isFalse();
        assertThat(manifest.candidate().orElseThrow().text("model", "storageUri"))
                .hasValue("gs://kfserving-examples/models/sklearn/1.0/model-2");
    }

    @Test
    void theSeedsAuthorIsToldTheFormThatEveryKServeUnderstands() throws Exception {
        assertThat(InferenceServices.read(yaml(SEED)).service().warnings())
                .containsExactly(
                        "spec.predictor.canary: two revisions are served, 90 % by spec.predictor and 10 % by"
                                + " the canary block; KServe itself has no such block and drops it. The"
                                + " canonical form is a first apply without the block, then a second one with"
                                + " {spec: {predictor: {model: {modelFormat: {name: sklearn}, storageUri:"
                                + " \"gs://kfserving-examples/models/sklearn/1.0/model-2\"},"
                                + " canaryTrafficPercent: 10}}}");
    }

    @Test
    void aCanaryWithoutItsShareIsRefused() throws Exception {
        var manifest = yaml(SEED.replace("    canaryTrafficPercent: 10\n", ""));
        assertThatThrownBy(() -> InferenceServices.read(manifest))
                .hasMessage(
                        "spec.predictor.canaryTrafficPercent: is missing: a canary block needs its share of"
                                + " the traffic, 0 to 100");
    }

    private static String model(Workload workload) {
        return workload instanceof Workload.Model model ? model.storageUri().orElse("") : "";
    }
}
