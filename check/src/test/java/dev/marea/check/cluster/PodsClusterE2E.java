package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.operator.SmallPlatform;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The pods of a service and the objects around them, as a real API server takes them. */
@EnabledIfSystemProperty(named = "marea.kubeconfig", matches = ".+")
class PodsClusterE2E {
    private static final String OVER_NODES =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: iris
              annotations: {serving.kserve.io/autoscalerClass: none}
            spec:
              predictor:
                model:
                  modelFormat: {name: huggingface}
                  storageUri: pvc://models/big
                workerSpec: {pipelineParallelSize: 3, tensorParallelSize: 2}
            """;
    private static final String R1 = "iris-predictor-00001";
    private static final String NAME = "iris-predictor";
    private static final String EARLIER =
            "metadata: {annotations: {%s: earlier}}".formatted("marea.dev/applied");
    private static final String KEDA = "keda.sh/v1alpha1";
    private static final String MONITORING = "monitoring.coreos.com/v1";

    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform(true);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private void apply(String annotations, String predictor, String model) throws Exception {
        platform.apply(
                """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata:
                  name: iris
                  annotations: {%s}
                spec:
                  predictor:
                    %s
                    model:
                      modelFormat: {name: sklearn}
                      storageUri: https://models.example/m1
                      %s
                """
                        .formatted(annotations, predictor, model));
    }

    @Test
    void podsPassTheRestrictedProfile() throws Exception {
        patch(
                "/api/v1/namespaces/" + platform.namespace(),
                "metadata: {labels: {pod-security.kubernetes.io/enforce: restricted}}");
        apply("", "minReplicas: 1", "");
        platform.await("ready", this::settled);
        var pod = list("v1", "pods").list("items").getFirst();
        assertThat(pod.flag("spec", "automountServiceAccountToken")).isFalse();
        assertThat(pod.list("spec", "initContainers").getFirst().text("name"))
                .contains("storage-initializer");
    }

    @Test
    void aServiceIsBudgetedFencedAndMonitoredWhileItRuns() throws Exception {
        define("monitoring.coreos.com", "v1", "podmonitors", "PodMonitor");
        apply("", "minReplicas: 2", "");
        platform.await("ready", this::settled);
        platform.await("a budget", () -> there("policy/v1", "poddisruptionbudgets"));
        platform.await("a fence", () -> there("networking.k8s.io/v1", "networkpolicies"));
        platform.await("a monitor", () -> there(MONITORING, "podmonitors"));
        assertThat(object("policy/v1", "poddisruptionbudgets").integer("spec", "maxUnavailable"))
                .hasValue(1);
        platform.patch("spec: {predictor: {minReplicas: 1}}");
        platform.await(
                "a single replica blocks no drain",
                () -> !there("policy/v1", "poddisruptionbudgets"));
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'true'}}");
        platform.await("no fence", () -> !there("networking.k8s.io/v1", "networkpolicies"));
        platform.await("no monitor", () -> !there(MONITORING, "podmonitors"));
    }

    @Test
    void aRestartedOperatorWritesNothingAnew() throws Exception {
        apply("", "minReplicas: 2\n    maxReplicas: 3\n    scaleMetric: cpu", "");
        platform.await("ready", this::settled);
        platform.await("an autoscaler", () -> there("autoscaling/v2", "horizontalpodautoscalers"));
        var before = stamps();
        platform.restartOperator();
        platform.patch("metadata: {annotations: {serving.kserve.io/enable-tag-routing: 'true'}}");
        platform.await("it has looked", () -> !platform.traffic().isEmpty() && settled());
        assertThat(stamps()).isEqualTo(before);
    }

    /** As after an upgrade of Marea that renders them otherwise. */
    @Test
    void whatAnEarlierOperatorAppliedOtherwiseIsAppliedAnew() throws Exception {
        define("monitoring.coreos.com", "v1", "podmonitors", "PodMonitor");
        apply("", "minReplicas: 2\n    maxReplicas: 3\n    scaleMetric: cpu", "");
        platform.await("ready", this::settled);
        var companions =
                Map.of(
                        "policy/v1",
                        "poddisruptionbudgets",
                        "networking.k8s.io/v1",
                        "networkpolicies",
                        "autoscaling/v2",
                        "horizontalpodautoscalers",
                        MONITORING,
                        "podmonitors");
        for (var kind : companions.entrySet()) {
            platform.await(kind.getValue(), () -> there(kind.getKey(), kind.getValue()));
        }
        platform.stopOperator();
        companions.forEach((group, plural) -> patch(path(group, plural, NAME), EARLIER));
        patch(path("apps/v1", "deployments", R1), EARLIER);
        platform.resumeOperator();
        companions.forEach((group, plural) ->
                await(
                        plural + " are as they were",
                        () -> !object(group, plural).toString().contains("earlier")));
        await(
                "so is the Deployment",
                () -> !get(path("apps/v1", "deployments", R1)).toString().contains("earlier"));
    }

    @Test
    void revisionsBeyondTheLastTenAreForgotten() throws Exception {
        apply("", "minReplicas: 1", "");
        platform.await("ready", this::settled);
        for (int i = 2; i <= 13; i++) {
            platform.patch(
                    "spec: {predictor: {model: {env: [{name: ROUND, value: 'n%d'}]}}}"
                            .formatted(i));
            platform.await("round " + i, this::settled);
        }
        platform.await("the first are gone", () -> !there("apps/v1", "controllerrevisions", R1));
        assertThat(list("apps/v1", "controllerrevisions").list("items")).hasSizeBetween(10, 12);
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            platform.await(what, condition);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what, cut);
        }
    }

    private String stamps() {
        return object("policy/v1", "poddisruptionbudgets").text("metadata", "generation")
                + " "
                + object("networking.k8s.io/v1", "networkpolicies").object("metadata")
                + " "
                + object("autoscaling/v2", "horizontalpodautoscalers").object("spec");
    }

    @Test
    void theHorizontalAutoscalerIsAsAskedAndOwnsTheReplicas() throws Exception {
        apply(
                "",
                "minReplicas: 1\n    maxReplicas: 5\n    scaleMetric: cpu\n    scaleTarget: 50\n    autoScaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 30}}}",
                "");
        platform.await("ready", this::settled);
        platform.await("an autoscaler", () -> there("autoscaling/v2", "horizontalpodautoscalers"));
        var spec = object("autoscaling/v2", "horizontalpodautoscalers").object("spec");
        assertThat(spec.text("scaleTargetRef", "name")).contains(R1);
        assertThat(spec.integer("behavior", "scaleDown", "stabilizationWindowSeconds"))
                .hasValue(30);
        assertThat(
                        spec.list("metrics")
                                .getFirst()
                                .integer("resource", "target", "averageUtilization"))
                .hasValue(50);
        scale(3);
        platform.await("three run", () -> ready() == 3);
        platform.patch("spec: {predictor: {timeout: 20}}");
        platform.await("reconciled", this::settled);
        assertThat(replicas()).isEqualTo(3);
        platform.patch("spec: {predictor: {scaleMetric: concurrency, scaleTarget: 5}}");
        platform.await("ours again", () -> !there("autoscaling/v2", "horizontalpodautoscalers"));
    }

    @Test
    void aBehaviorThatTheApiRefusesIsNamedAndOursRuns() throws Exception {
        apply(
                "",
                "scaleMetric: cpu\n    autoScaling: {behavior: {scaleDown: {stabilizationWindowSeconds: 99999}}}",
                "");
        platform.await(
                "told",
                () ->
                        platform.iris()
                                .toString()
                                .contains("the API refused the HorizontalPodAutoscaler"));
    }

    @Test
    void kedaScalesWhereItIsInstalledAndOursWhereNot() throws Exception {
        remove("scaledobjects.keda.sh");
        apply("serving.kserve.io/autoscalerClass: keda", "minReplicas: 1", "");
        platform.await("told", () -> platform.iris().toString().contains("KEDA is not installed"));
        define("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject");
        platform.restartOperator();
        platform.await("a ScaledObject", () -> there(KEDA, "scaledobjects"));
        assertThat(object(KEDA, "scaledobjects").text("spec", "scaleTargetRef", "name"))
                .contains(R1);
        platform.stopOperator();
        patch(path(KEDA, "scaledobjects", NAME), EARLIER);
        platform.resumeOperator();
        platform.await(
                "applied anew",
                () -> !object(KEDA, "scaledobjects").toString().contains("earlier"));
        platform.patch("metadata: {annotations: {serving.kserve.io/autoscalerClass: none}}");
        platform.await("none", () -> !there(KEDA, "scaledobjects"));
        remove("scaledobjects.keda.sh");
    }

    @Test
    void whoScalesBesidesUsMayScaleToZero() throws Exception {
        apply("serving.kserve.io/autoscalerClass: external", "minReplicas: 1", "");
        platform.await("ready", this::settled);
        scale(0);
        platform.await("none runs", () -> ready() == 0);
        platform.patch("spec: {predictor: {timeout: 20}}");
        platform.await(
                "seen",
                () ->
                        platform.iris()
                                .integer("status", "observedGeneration")
                                .equals(platform.iris().integer("metadata", "generation")));
        assertThat(replicas()).isZero();
    }

    @Test
    void aGpuThatNobodyHasIsToldInTheServicesOwnCondition() throws Exception {
        apply("", "minReplicas: 1", "resources: {limits: {nvidia.com/gpu: 2}}");
        awaitMessage("no node of this cluster has nvidia.com/gpu; add one, or ask for less");
        var node = "gpu-" + platform.namespace();
        try {
            create(
                    "/api/v1/nodes",
                    "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {nvidia.com/gpu.present: 'true'}}}"
                            .formatted(node));
            awaitMessage("node " + node + " has a GPU but offers no nvidia.com/gpu");
            offer(node, 1, "spec: {taints: null}");
            awaitMessage("the pod asks for 2 nvidia.com/gpu and no node has more than 1");
            offer(node, 2, "spec: {taints: [{key: gpu, value: only, effect: NoSchedule}]}");
            awaitMessage(
                    "the nodes with nvidia.com/gpu (" + node + ") are tainted gpu=only:NoSchedule");
            offer(node, 2, "spec: {taints: null}");
            platform.await(
                    "it has a node",
                    () ->
                            list("v1", "pods").list("items").stream()
                                    .anyMatch(p -> p.text("spec", "nodeName").isPresent()));
            apply("", "minReplicas: 2", "resources: {limits: {nvidia.com/gpu: 2}}");
            awaitMessage("all 2 nvidia.com/gpu are taken (by " + platform.namespace() + "/iris 2)");
        } finally {
            platform.api().client().nodes().withName(node).delete();
        }
    }

    /** The taints first: a pod that fits is placed at once. */
    private void offer(String node, int gpus, String taints) {
        patch("/api/v1/nodes/" + node, taints);
        var amounts = "{cpu: '8', memory: 64Gi, pods: '110', nvidia.com/gpu: '%d'}".formatted(gpus);
        patch(
                "/api/v1/nodes/" + node + "/status",
                "status: {capacity: %s, allocatable: %s}".formatted(amounts, amounts));
    }

    @Test
    void aQuotaThatIsUsedUpIsTold() throws Exception {
        create(
                "/api/v1/namespaces/" + platform.namespace() + "/resourcequotas",
                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: small}, spec: {hard: {pods: '0'}}}");
        apply("", "minReplicas: 1", "");
        awaitMessage("the namespace's quota is used up, so no pod is made: exceeded quota: small");
        assertThat(platform.condition("Ready")).endsWith("/PodsRefused");
    }

    @Test
    void oneReplicaStandsOnSeveralNodesAndOutlivesReconciles() throws Exception {
        platform.apply(
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: ServingRuntime
                metadata: {name: over-nodes}
                spec:
                  supportedModelFormats: [{name: huggingface, autoSelect: true}]
                  protocolVersions: [v2]
                  containers: [{name: kserve-container, image: 'vllm:1'}]
                  workerSpec:
                    containers: [{name: worker-container, image: 'vllm:1'}]
                """);
        platform.apply(OVER_NODES);
        platform.await("workers", () -> there("apps/v1", "statefulsets", R1 + "-worker"));
        platform.await("the head's name", () -> there("v1", "services", R1 + "-head"));
        platform.await(
                "a head and two workers", () -> list("v1", "pods").list("items").size() == 3);
        assertThat(there("autoscaling/v2", "horizontalpodautoscalers")).isFalse();
        var before = get(path("apps/v1", "statefulsets", R1 + "-worker")).text("metadata", "uid");
        platform.patch("spec: {predictor: {timeout: 20}}");
        platform.stopOperator();
        patch(path("apps/v1", "statefulsets", R1 + "-worker"), EARLIER);
        platform.resumeOperator();
        platform.await(
                "applied anew",
                () ->
                        !get(path("apps/v1", "statefulsets", R1 + "-worker"))
                                .toString()
                                .contains("earlier"));
        assertThat(get(path("apps/v1", "statefulsets", R1 + "-worker")).text("metadata", "uid"))
                .isEqualTo(before);
        platform.patch("spec: {predictor: {model: {resources: {limits: {nvidia.com/gpu: 7}}}}}");
        platform.await("told", () -> platform.condition("Ready").endsWith("/InvalidGPUAllocation"));
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'true'}}");
        platform.await("no workers", () -> !there("apps/v1", "statefulsets", R1 + "-worker"));
        platform.await("no name", () -> !there("v1", "services", R1 + "-head"));
    }

    /** No gateway runs here, which the service says; its replicas are ready all the same. */
    private boolean settled() {
        var iris = platform.iris();
        return platform.condition("PredictorReady").equals("True/Ready")
                && iris.integer("status", "observedGeneration")
                        .equals(iris.integer("metadata", "generation"));
    }

    private void awaitMessage(String words) throws InterruptedException {
        platform.await(
                words,
                () ->
                        platform.iris().list("status", "conditions").stream()
                                .filter(c -> c.text("type").filter("Ready"::equals).isPresent())
                                .anyMatch(c -> c.text("message").orElse("").contains(words)));
    }

    private void scale(int replicas) {
        patch(path("apps/v1", "deployments", R1) + "/scale", "spec: {replicas: " + replicas + "}");
    }

    private long replicas() {
        return get(path("apps/v1", "deployments", R1)).integer("spec", "replicas").orElse(-1);
    }

    private long ready() {
        return get(path("apps/v1", "deployments", R1)).integer("status", "readyReplicas").orElse(0);
    }

    private boolean there(String apiVersion, String plural) {
        return there(apiVersion, plural, NAME);
    }

    private boolean there(String apiVersion, String plural, String name) {
        return platform.api().get(path(apiVersion, plural, name)).status() == 200;
    }

    private Json.Obj object(String apiVersion, String plural) {
        return get(path(apiVersion, plural, NAME));
    }

    private Json.Obj list(String apiVersion, String plural) {
        return get(path(apiVersion, plural, ""));
    }

    private Json.Obj get(String path) {
        return platform.api().get(path).json();
    }

    private String path(String apiVersion, String plural, String name) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/")
                + apiVersion
                + "/namespaces/"
                + platform.namespace()
                + "/"
                + plural
                + (name.isEmpty() ? "" : "/" + name);
    }

    private void patch(String path, String yaml) {
        var answer =
                platform.api()
                        .ask(
                                "PATCH",
                                path,
                                "application/json",
                                "application/merge-patch+json",
                                json(yaml));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void create(String path, String yaml) {
        var answer =
                platform.api()
                        .ask("POST", path, "application/json", "application/json", json(yaml));
        assertThat(answer.status()).as(answer.text()).isIn(201, 409);
    }

    private static String json(String yaml) {
        try {
            return new String(
                    JsonWriter.bytes((Json.Obj) Yaml.read(yaml).getFirst()),
                    StandardCharsets.UTF_8);
        } catch (MalformedJson bad) {
            throw new IllegalArgumentException(bad);
        }
    }

    /** A schema of our own that takes everything, in the place of the real one. */
    private void define(String group, String version, String plural, String kind)
            throws InterruptedException {
        create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %2$s.%1$s}
                spec:
                  group: %1$s
                  scope: Namespaced
                  names: {plural: %2$s, kind: %3$s}
                  versions:
                    - name: %4$s
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """
                        .formatted(group, plural, kind, version));
        platform.await(
                plural + " are served",
                () ->
                        platform.api().get("/apis/" + group + "/" + version + "/" + plural).status()
                                == 200);
    }

    private void remove(String crd) throws InterruptedException {
        platform.api()
                .client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(crd)
                .delete();
        platform.await(
                crd + " is gone",
                () ->
                        platform.api()
                                        .get(
                                                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
                                                        + crd)
                                        .status()
                                == 404);
    }
}
