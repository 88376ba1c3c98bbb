package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrdsTest {
    /** What the reader takes from a predictor; the rest is refused, ignored or a pod's. */
    private static final Set<String> READ =
            Set.of(
                    "model",
                    "minReplicas",
                    "maxReplicas",
                    "scaleMetric",
                    "scaleTarget",
                    "scaleMetricType",
                    "autoScaling",
                    "storageUris",
                    "storageContainerName",
                    "workerSpec",
                    "containerConcurrency",
                    "timeout",
                    "canaryTrafficPercent",
                    "canary",
                    "name",
                    "labels",
                    "annotations",
                    "deploymentStrategy");

    private static final Set<String> READ_OF_MODEL =
            Set.of(
                    "modelFormat",
                    "runtime",
                    "runtimeVersion",
                    "protocolVersion",
                    "storageUri",
                    "storage");

    /** The fields of a PodSpec in Kubernetes 1.35, without ephemeralContainers. */
    private static final Set<String> POD =
            Set.of(
                    "containers",
                    "initContainers",
                    "volumes",
                    "serviceAccountName",
                    "serviceAccount",
                    "automountServiceAccountToken",
                    "imagePullSecrets",
                    "nodeSelector",
                    "nodeName",
                    "affinity",
                    "tolerations",
                    "topologySpreadConstraints",
                    "schedulerName",
                    "schedulingGates",
                    "schedulingGroup",
                    "priorityClassName",
                    "priority",
                    "preemptionPolicy",
                    "runtimeClassName",
                    "overhead",
                    "resources",
                    "resourceClaims",
                    "securityContext",
                    "terminationGracePeriodSeconds",
                    "activeDeadlineSeconds",
                    "restartPolicy",
                    "dnsPolicy",
                    "dnsConfig",
                    "hostAliases",
                    "hostname",
                    "hostnameOverride",
                    "subdomain",
                    "setHostnameAsFQDN",
                    "hostNetwork",
                    "hostPID",
                    "hostIPC",
                    "hostUsers",
                    "shareProcessNamespace",
                    "enableServiceLinks",
                    "readinessGates",
                    "os");

    private static final Set<String> CONTAINER =
            Set.of(
                    "name",
                    "image",
                    "imagePullPolicy",
                    "command",
                    "args",
                    "workingDir",
                    "env",
                    "envFrom",
                    "ports",
                    "resources",
                    "resizePolicy",
                    "restartPolicy",
                    "restartPolicyRules",
                    "volumeMounts",
                    "volumeDevices",
                    "startupProbe",
                    "livenessProbe",
                    "readinessProbe",
                    "lifecycle",
                    "securityContext",
                    "terminationMessagePath",
                    "terminationMessagePolicy",
                    "stdin",
                    "stdinOnce",
                    "tty");

    @Test
    void everyFieldOfThePredictorIsReadRefusedIgnoredOrAPods() {
        assertThat(Crds.inferenceService().at("spec", "predictor").names())
                .containsExactlyInAnyOrderElementsOf(
                        together(
                                READ, Implementations.FRAMEWORKS, Ignored.PREDICTOR.keySet(), POD));
    }

    @Test
    void everyFieldOfAModelIsReadRefusedOrAContainers() {
        var model = together(READ_OF_MODEL, Refused.MODEL.keySet(), CONTAINER);
        assertThat(Crds.inferenceService().at("spec", "predictor", "model").names())
                .containsExactlyInAnyOrderElementsOf(model);
        var framework = new HashSet<>(model);
        framework.removeAll(Set.of("modelFormat", "runtime"));
        for (var name : Implementations.FRAMEWORKS) {
            assertThat(Crds.inferenceService().at("spec", "predictor", name).names())
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(framework);
        }
    }

    @Test
    void everyFieldOfASpecIsReadRefusedOrIgnored() {
        assertThat(Crds.inferenceService().at("spec").names())
                .containsExactlyInAnyOrderElementsOf(
                        together(
                                Set.of("predictor", "canary"),
                                Refused.SPEC.keySet(),
                                Ignored.SPEC.keySet()));
    }

    @Test
    void bothKindsOfRuntimesHaveOneSpec() {
        assertThat(spec(Crds.all().get(1))).isEqualTo(spec(Crds.all().get(2)));
        assertThat(Crds.servingRuntime().at("spec").names())
                .containsAll(ServingRuntimes.IGNORED.keySet());
    }

    @Test
    void theColumnsAreThoseOfKServe() {
        assertThat(columns(Crds.all().get(0)))
                .containsExactly(
                        "URL=.status.url",
                        "Ready=.status.conditions[?(@.type=='Ready')].status",
                        "Prev=.status.components.predictor.traffic[?(@.tag=='prev')].percent",
                        "Latest=.status.components.predictor.traffic[?(@.latestRevision==true)].percent",
                        "PrevRolledoutRevision=.status.components.predictor.traffic[?(@.tag=='prev')].revisionName",
                        "LatestReadyRevision=.status.components.predictor.traffic[?(@.latestRevision==true)].revisionName",
                        "Age=.metadata.creationTimestamp");
        assertThat(columns(Crds.all().get(1)))
                .isEqualTo(columns(Crds.all().get(2)))
                .containsExactly(
                        "Disabled=.spec.disabled",
                        "ModelType=.spec.supportedModelFormats[*].name",
                        "Containers=.spec.containers[*].name",
                        "Age=.metadata.creationTimestamp");
        assertThat(columns(Crds.all().get(3)))
                .containsExactly(
                        "URL=.status.url",
                        "Ready=.status.conditions[?(@.type=='Ready')].status",
                        "Age=.metadata.creationTimestamp");
    }

    @Test
    void everyFieldOfATrainedModelIsRead() {
        assertThat(Crds.trainedModel().at("spec").names())
                .containsExactlyInAnyOrder("inferenceService", "model");
        assertThat(Crds.trainedModel().at("spec", "model").names())
                .containsExactlyInAnyOrder("storageUri", "framework", "memory");
    }

    @Test
    void everyFieldOfAStorageContainerIsRead() {
        assertThat(Crds.storageContainer().names()).contains("disabled");
        assertThat(Crds.storageContainer().at("spec").names())
                .containsExactlyInAnyOrder(
                        "container",
                        "supportedUriFormats",
                        "workloadType",
                        "supportsMultiModelDownload");
    }

    @Test
    void aClientSideApplyOfAllOfThemFitsItsAnnotation() {
        assertThat(Crds.all().stream().mapToInt(crd -> JsonWriter.bytes(crd).length).sum())
                .isLessThan(150_000);
    }

    @Test
    void everyFieldOfOursIsExplainedAndKeepsUnknownOnes() {
        for (var crd : Crds.all()) {
            checkStructural(spec(crd), "spec");
        }
    }

    /** What an API server demands of a schema, and what kubectl explain shows. */
    private static void checkStructural(Json.Obj schema, String path) {
        var open = schema.flag("x-kubernetes-preserve-unknown-fields");
        assertThat(schema.has("type") || open || schema.flag("x-kubernetes-int-or-string"))
                .as(path + " has a type")
                .isTrue();
        if (schema.text("type").filter("object"::equals).isPresent()) {
            assertThat(open || schema.has("additionalProperties"))
                    .as(path + " keeps unknown fields")
                    .isTrue();
        }
        schema.object("properties")
                .fields()
                .forEach((name, child) -> {
                    assertThat(child.text("description")).as(path + "." + name).isPresent();
                    checkStructural((Json.Obj) child, path + "." + name);
                });
        if (schema.has("items")) {
            checkStructural(schema.object("items"), path + "[]");
        }
    }

    private static Json.Obj spec(Json.Obj crd) {
        return crd.list("spec", "versions")
                .getFirst()
                .object("schema", "openAPIV3Schema", "properties", "spec");
    }

    private static List<String> columns(Json.Obj crd) {
        return crd.list("spec", "versions").getFirst().list("additionalPrinterColumns").stream()
                .map(c -> c.text("name").orElse("") + "=" + c.text("jsonPath").orElse(""))
                .toList();
    }

    @SafeVarargs
    private static Set<String> together(java.util.Collection<String>... sets) {
        var all = new HashSet<String>();
        for (var set : sets) {
            assertThat(all).as("named twice").doesNotContainAnyElementsOf(set);
            all.addAll(set);
        }
        return all;
    }
}
