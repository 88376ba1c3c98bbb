package dev.marea.wire.kserve;

import static dev.marea.wire.kserve.Manifests.predictor;
import static dev.marea.wire.kserve.Manifests.sklearn;
import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void theSeedsManifestIsTwoModelsSideBySide() throws Exception {
        var manifest = InferenceServices.read(yaml(SEED));

        assertThat(model(manifest.service().predictor().workload())).endsWith("1.0/model-1");
        assertThat(manifest.service().rollout())
                .isInstanceOfSatisfying(
                        Rollout.Beside.class,
                        beside -> {
                            assertThat(beside.candidates().getFirst().traffic())
                                    .isEqualTo(new Percent(10));
                            assertThat(model(beside.candidates().getFirst().component().workload()))
                                    .endsWith("1.0/model-2");
                        });
        assertThat(manifest.predictor().has("canary")).isFalse();
        assertThat(manifest.candidates().getFirst().text("model", "storageUri"))
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

    private static Json.Obj candidate(String predictor) throws Exception {
        return InferenceServices.read(predictor(predictor)).candidates().getFirst();
    }

    private static Json.Obj flow(String text) {
        return (Json.Obj) yaml("v: " + text).at("v").orElseThrow();
    }

    /** A predictor with a canary block, and the candidate's tree. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // only what differs
                "{model: {modelFormat: {name: sklearn}, storageUri: /1}, canaryTrafficPercent: 5, canary: {model: {storageUri: /2}}} | {model: {modelFormat: {name: sklearn}, storageUri: /2}}",
                // older blocks on both sides
                "{sklearn: {storageUri: /1, args: [-v]}, canaryTrafficPercent: 5, canary: {sklearn: {storageUri: /2}}} | {model: {modelFormat: {name: sklearn}, storageUri: /2, args: [-v]}}",
                // another format takes nothing that was chosen for the first one
                "{model: {modelFormat: {name: sklearn, version: '1'}, runtime: r, runtimeVersion: v9, protocolVersion: v1, storageUri: /1}, canaryTrafficPercent: 5, canary: {model: {modelFormat: {name: onnx}, storageUri: /2}}} | {model: {modelFormat: {name: onnx}, storageUri: /2}}",
                // lists of named things merge by name, others are replaced
                "{model: {modelFormat: {name: sklearn}, args: [a], env: [{name: A, value: 1x}, {name: B, value: 2x}]}, canaryTrafficPercent: 5, canary: {model: {args: [b], env: [{name: B, valueFrom: {x: {}}}, {name: C, value: 3x}]}}} | {model: {modelFormat: {name: sklearn}, args: [b], env: [{name: A, value: 1x}, {name: B, valueFrom: {x: {}}}, {name: C, value: 3x}]}}",
                // bounds and pod parts
                "{model: {modelFormat: {name: sklearn}}, minReplicas: 3, nodeSelector: {a: b}, canaryTrafficPercent: 5, canary: {minReplicas: 1}} | {model: {modelFormat: {name: sklearn}}, minReplicas: 1, nodeSelector: {a: b}}",
                // a server of its own instead of a model, and the reverse
                "{model: {modelFormat: {name: sklearn}}, minReplicas: 2, canaryTrafficPercent: 5, canary: {containers: [{name: kserve-container, image: i}]}} | {minReplicas: 2, containers: [{name: kserve-container, image: i}]}",
                "{containers: [{image: i}], canaryTrafficPercent: 5, canary: {model: {modelFormat: {name: sklearn}}}} | {model: {modelFormat: {name: sklearn}}}",
                "{containers: [{name: kserve-container, image: i1, env: [{name: A, value: 1x}]}], canaryTrafficPercent: 5, canary: {containers: [{name: kserve-container, image: i2}]}} | {containers: [{name: kserve-container, image: i2, env: [{name: A, value: 1x}]}]}"
            })
    void theBlockIsMergedOverThePredictor(String predictor, String merged) throws Exception {
        assertThat(candidate(predictor)).isEqualTo(flow(merged));
    }

    @Test
    void theCandidateHasBoundsOfItsOwn() throws Exception {
        var manifest =
                InferenceServices.read(
                        predictor(
                                sklearn(
                                        "minReplicas: 4, maxReplicas: 8, canaryTrafficPercent: 0, canary: {minReplicas: 1}")));
        assertThat(manifest.service().predictor().scale()).isEqualTo(new Scale(4, 8));
        assertThat(manifest.service().rollout())
                .isInstanceOfSatisfying(
                        Rollout.Beside.class,
                        beside ->
                                assertThat(beside.candidates().getFirst().component().scale())
                                        .isEqualTo(new Scale(1, 8)));
    }

    /** What is promoted runs exactly what the candidate ran, so that nothing restarts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{model: {modelFormat: {name: sklearn}, storageUri: /1}, canaryTrafficPercent: 5, canary: {model: {storageUri: /2}}}",
                "{sklearn: {storageUri: /1}, deploymentStrategy: {type: Recreate}, canaryTrafficPercent: 5, canary: {sklearn: {storageUri: /2}}}",
                "{model: {modelFormat: {name: sklearn, version: '1'}, storageUri: /1}, canaryTrafficPercent: 5, canary: {model: {modelFormat: {name: onnx}, storageUri: /2}}}",
                "{containers: [{name: x, image: i1}], canaryTrafficPercent: 5, canary: {containers: [{name: kserve-container, image: i2}]}}"
            })
    void promotingWritesTheCandidateIntoThePredictor(String written) throws Exception {
        var service = predictor(written);
        var promoted = merge(service, CanarySteps.promote(service));
        var read = InferenceServices.read(promoted);
        assertThat(read.service().rollout()).isEqualTo(new Rollout.Latest());
        assertThat(read.predictor().without("deploymentStrategy")).isEqualTo(candidate(written));
        assertThat(promoted.at("spec", "predictor", "deploymentStrategy"))
                .isEqualTo(service.at("spec", "predictor", "deploymentStrategy"));
    }

    @Test
    void aPercentIsPromotedByItsRemovalAndRolledBackByZero() throws Exception {
        var service = predictor(sklearn("canaryTrafficPercent: 10"));
        assertThat(CanarySteps.promote(service))
                .isEqualTo(flow("{spec: {predictor: {canaryTrafficPercent: null}}}"));
        assertThat(CanarySteps.rollback(service))
                .isEqualTo(flow("{spec: {predictor: {canaryTrafficPercent: 0}}}"));
    }

    @Test
    void aBlockIsRolledBackByItsRemoval() throws Exception {
        var service = yaml(SEED);
        var back = merge(service, CanarySteps.rollback(service));
        assertThat(back.object("spec", "predictor").fields()).containsOnlyKeys("model");
        assertThat(InferenceServices.read(back).service().warnings()).isEmpty();
    }

    /** RFC 7396. */
    static Json.Obj merge(Json.Obj target, Json.Obj patch) {
        var merged = target;
        for (var field : patch.fields().entrySet()) {
            var name = field.getKey();
            merged =
                    switch (field.getValue()) {
                        case Json.Null() -> merged.without(name);
                        case Json.Obj o -> merged.with(name, merge(merged.object(name), o));
                        case Json other -> merged.with(name, other);
                    };
        }
        return merged;
    }

    private static String model(Workload workload) {
        return workload instanceof Workload.Model model ? model.storageUri().orElse("") : "";
    }
}
