package dev.marea.wire.kserve;

import static dev.marea.wire.kserve.Manifests.predictor;
import static dev.marea.wire.kserve.Manifests.service;
import static dev.marea.wire.kserve.Manifests.sklearn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Protocol;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.Workload;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceServicesTest {
    @Test
    void aModelIsReadWhole() throws Exception {
        var manifest =
                InferenceServices.read(
                        predictor(
                                "{model: {modelFormat: {name: onnx, version: '1'}, storageUri: 'pvc://c/m', runtime: r, protocolVersion: v2}, timeout: 20, containerConcurrency: 4}"));
        var service = manifest.service();
        assertThat(service.id()).isEqualTo(new ServiceId("demo", "iris"));
        assertThat(service.uid()).isEqualTo("u1");
        assertThat(service.generation()).isEqualTo(3);
        assertThat(service.mode()).isEqualTo(DeploymentMode.KNATIVE);
        assertThat(service.stopped()).isFalse();
        assertThat(service.deleting()).isFalse();
        assertThat(service.rollout()).isEqualTo(new Rollout.Latest());
        assertThat(service.warnings()).isEmpty();
        assertThat(service.predictor())
                .isEqualTo(
                        new Component(
                                new Workload.Model(
                                        new ModelFormat("onnx", Optional.of("1")),
                                        Optional.of("pvc://c/m"),
                                        Optional.of("r"),
                                        Optional.of(Protocol.V2)),
                                new Scale(1, 0),
                                Autoscaling.DEFAULT,
                                4,
                                Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sklearn",
                "xgboost",
                "lightgbm",
                "tensorflow",
                "pytorch",
                "triton",
                "onnx",
                "huggingface",
                "pmml",
                "paddle"
            })
    void anOlderBlockIsAModelOfItsName(String framework) throws Exception {
        var older =
                InferenceServices.read(
                        predictor(
                                "{%s: {storageUri: /m, args: [--x], env: [{name: A, value: b}]}}"
                                        .formatted(framework)));
        var present =
                InferenceServices.read(
                        predictor(
                                "{model: {modelFormat: {name: %s}, storageUri: /m, args: [--x], env: [{name: A, value: b}]}}"
                                        .formatted(framework)));
        assertThat(older.predictor()).isEqualTo(present.predictor());
        assertThat(older.service().predictor()).isEqualTo(present.service().predictor());
        assertThat(older.service().warnings())
                .containsExactly(
                        "spec.predictor.%1$s: write spec.predictor.model with modelFormat: {name: %1$s}; both are served alike"
                                .formatted(framework));
    }

    @ParameterizedTest
    @CsvSource({
        "Standard, STANDARD, 0",
        "RawDeployment, STANDARD, 1",
        "Knative, KNATIVE, 0",
        "Serverless, KNATIVE, 1"
    })
    void theModeHasTwoWordsEach(String word, DeploymentMode mode, int warnings) throws Exception {
        var service =
                InferenceServices.read(
                                service("serving.kserve.io/deploymentMode: " + word, sklearn("")))
                        .service();
        assertThat(service.mode()).isEqualTo(mode);
        assertThat(service.warnings()).hasSize(warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                            | '' | 1 | 0",
                "minReplicas: 0                                | '' | 0 | 0",
                "minReplicas: 2                                | '' | 2 | 0",
                "maxReplicas: 0                                | '' | 1 | 0",
                "maxReplicas: 3                                | '' | 1 | 3",
                "minReplicas: 0, maxReplicas: 1                | '' | 0 | 1",
                "''                                            | autoscaling.knative.dev/min-scale: '0' | 0 | 0",
                "''                                            | autoscaling.knative.dev/minScale: '2', autoscaling.knative.dev/maxScale: '4' | 2 | 4",
                "minReplicas: 1                                | autoscaling.knative.dev/min-scale: '5' | 1 | 0",
                "'annotations: {autoscaling.knative.dev/min-scale: \"3\"}' | autoscaling.knative.dev/min-scale: '5' | 3 | 0"
            })
    void theBoundsTellZeroFromUnset(String fields, String annotations, int min, int max)
            throws Exception {
        assertThat(
                        InferenceServices.read(service(annotations, sklearn(fields)))
                                .service()
                                .predictor()
                                .scale())
                .isEqualTo(new Scale(min, max));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                      | '' | MAREA | CONCURRENCY | -1",
                "scaleMetric: rps, scaleTarget: 5        | '' | MAREA | RPS | 5",
                "scaleTarget: 2                          | '' | MAREA | CONCURRENCY | 2",
                "scaleMetric: cpu, scaleTarget: 50       | '' | HPA | CPU | 50",
                "scaleMetric: memory                     | '' | HPA | MEMORY | -1",
                "''  | serving.kserve.io/autoscalerClass: hpa      | HPA | CPU | -1",
                "''  | serving.kserve.io/autoscalerClass: keda     | KEDA | CONCURRENCY | -1",
                "''  | serving.kserve.io/autoscalerClass: external | EXTERNAL | CONCURRENCY | -1",
                "''  | serving.kserve.io/autoscalerClass: none     | NONE | CONCURRENCY | -1",
                "''  | autoscaling.knative.dev/metric: rps, autoscaling.knative.dev/target: '7.5' | MAREA | RPS | 7.5",
                "''  | autoscaling.knative.dev/class: hpa.autoscaling.knative.dev | HPA | CPU | -1",
                "''  | autoscaling.knative.dev/class: kpa.autoscaling.knative.dev | MAREA | CONCURRENCY | -1",
                "''  | serving.kserve.io/metrics: rps                  | MAREA | RPS | -1",
                "''  | serving.kserve.io/targetUtilizationPercentage: '60' | HPA | CPU | 60",
                "scaleMetric: concurrency, scaleTarget: 3 | autoscaling.knative.dev/metric: rps, autoscaling.knative.dev/target: '9' | MAREA | CONCURRENCY | 3",
                "'autoScaling: {metrics: [{type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 40}}}]}' | serving.kserve.io/autoscalerClass: keda | KEDA | MEMORY | 40"
            })
    void whoScalesByWhat(
            String fields,
            String annotations,
            Autoscaling.Scaler scaler,
            Autoscaling.Metric metric,
            double target)
            throws Exception {
        var read =
                InferenceServices.read(service(annotations, sklearn(fields)))
                        .service()
                        .predictor()
                        .autoscaling();
        assertThat(read.scaler()).isEqualTo(scaler);
        assertThat(read.metric()).isEqualTo(metric);
        assertThat(read.target())
                .isEqualTo(target < 0 ? OptionalDouble.empty() : OptionalDouble.of(target));
    }

    @Test
    void knativesWindowsAreRead() throws Exception {
        var read =
                InferenceServices.read(
                                service(
                                        "autoscaling.knative.dev/window: 1m30s, autoscaling.knative.dev/target-utilization-percentage: '80', autoscaling.knative.dev/panicWindowPercentage: '20', autoscaling.knative.dev/panic-threshold-percentage: '150', autoscaling.knative.dev/scale-to-zero-pod-retention-period: 0s",
                                        sklearn(
                                                "annotations: {autoscaling.knative.dev/scale-down-delay: 15m}")))
                        .service()
                        .predictor()
                        .autoscaling();
        assertThat(read.stableWindow()).hasValue(Duration.ofSeconds(90));
        assertThat(read.targetUtilizationPercent()).hasValue(80);
        assertThat(read.panicWindowPercent()).hasValue(20);
        assertThat(read.panicThresholdPercent()).hasValue(150);
        assertThat(read.retention()).hasValue(Duration.ZERO);
        assertThat(read.scaleDownDelay()).hasValue(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "0, 0", "99, 99"})
    void aPercentAloneIsACanaryOfTheRevisionBefore(int written, int percent) throws Exception {
        assertThat(rollout("canaryTrafficPercent: " + written))
                .isEqualTo(new Rollout.Canary(new Percent(percent)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "canaryTrafficPercent: 100"})
    void noPercentAndAllOfItPromote(String field) throws Exception {
        assertThat(rollout(field)).isEqualTo(new Rollout.Latest());
    }

    private static Rollout rollout(String field) throws Exception {
        return InferenceServices.read(predictor(sklearn(field))).service().rollout();
    }

    @ParameterizedTest
    @CsvSource({"true, true", "True, true", "false, false"})
    void stopIsAnAnnotation(String word, boolean stopped) throws Exception {
        assertThat(
                        InferenceServices.read(
                                        service(
                                                "serving.kserve.io/stop: '" + word + "'",
                                                sklearn("")))
                                .service()
                                .stopped())
                .isEqualTo(stopped);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{image: i}",
                "{name: mine, image: i}",
                "{name: kserve-container, image: i}"
            })
    void aSingleContainerIsTheServerWhateverItsName(String container) throws Exception {
        var manifest = InferenceServices.read(predictor("{containers: [" + container + "]}"));
        assertThat(manifest.service().predictor().workload()).isEqualTo(new Workload.Custom());
        assertThat(manifest.predictor().list("containers").getFirst().text("name"))
                .hasValue("kserve-container");
    }

    @Test
    void podPartsAreKeptAsTheyAre() throws Exception {
        var written =
                predictor(
                        sklearn(
                                "nodeSelector: {a: b}, containers: [{name: sidecar, image: i, futureField: {x: 1}}], volumes: [{name: v, emptyDir: {}}]"));
        var read = InferenceServices.read(written).predictor();
        assertThat(read).isEqualTo(written.object("spec", "predictor"));
    }

    @Test
    void whatIsWithoutEffectIsSaid() throws Exception {
        var written =
                service(
                        "autoscaling.knative.dev/target-burst-capacity: '200', autoscaling.knative.dev/min-scale: '5'",
                        sklearn("minReplicas: 2, logger: {mode: all}, batcher: {maxBatchSize: 5}"));
        assertThat(InferenceServices.read(written).service().warnings())
                .containsExactly(
                        "spec.predictor.logger has no effect: payloads are not logged by this release",
                        "spec.predictor.batcher has no effect: requests are batched by the model server itself",
                        "metadata.annotations[autoscaling.knative.dev/min-scale] has no effect: spec.predictor.minReplicas wins",
                        "metadata.annotations[autoscaling.knative.dev/target-burst-capacity] has no effect");
    }
}
