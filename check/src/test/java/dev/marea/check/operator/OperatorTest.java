package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorTest {
    private static final String MANIFEST =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: iris}
            spec:
              predictor:
                minReplicas: %d
                model:
                  modelFormat: {name: sklearn}
                  storageUri: file:///models/%s
            """;
    private static final String R1 = "iris-predictor-00001";
    private static final String R2 = "iris-predictor-00002";

    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private void apply(String model) throws Exception {
        platform.apply(MANIFEST.formatted(1, model));
    }

    private void applied(String model) throws Exception {
        apply(model);
        platform.await(model + " is ready", platform::settled);
    }

    @Test
    void aFirstApplyBecomesReadyAndRouted() throws Exception {
        applied("m1");
        var status = platform.iris().object("status");
        assertThat(status.text("url"))
                .contains("http://iris-" + platform.namespace() + ".localhost:8080");
        assertThat(status.text("address", "url"))
                .contains("http://127.0.0.1:8080/serving/" + platform.namespace() + "/iris");
        assertThat(status.text("clusterServingRuntimeName")).contains("kserve-sklearnserver");
        assertThat(platform.traffic()).isEqualTo("00001*100");
        assertThat(status.list("conditions")).hasSize(5);
        platform.await(
                "a replica is routed to",
                () ->
                        platform.routes().stream()
                                .anyMatch(r -> !r.revisions().getFirst().replicas().isEmpty()));
    }

    @Test
    void whatTheFirstReplicaResolvedIsToldToAllThatFollow() throws Exception {
        apply("m1");
        platform.patch("spec: {predictor: {model: {storageUri: 'https://models.example/m@main'}}}");
        var pinned = "https://models.example/m@main -> https://models.example/m@main#v1";
        platform.await(
                "it is kept with the revision",
                () ->
                        platform
                                .object(Resource.CONFIG_MAP, "iris-model-pins")
                                .object("data")
                                .fields()
                                .values()
                                .stream()
                                .anyMatch(file -> file.equals(Json.of(pinned))));
        platform.await(
                "it is told",
                () ->
                        platform.iris().list("status", "marea", "storage").stream()
                                .anyMatch(told ->
                                        told.text("state").filter("Fetched"::equals).isPresent()
                                                && told.integer("percent").orElse(0) == 100
                                                && told.list("pinned")
                                                        .getFirst()
                                                        .text("to")
                                                        .filter(to -> to.endsWith("#v1"))
                                                        .isPresent()));
        platform.await(
                "an event says so",
                () ->
                        platform.objects(Resource.EVENT).stream()
                                .anyMatch(e ->
                                        e.text("reason").filter("ModelFetched"::equals).isPresent()
                                                && e.text("message").orElse("").contains("#v1")));
    }

    @Test
    void aSteadyServiceIsNotWrittenTo() throws Exception {
        applied("m1");
        var kinds =
                List.of(
                        Resource.DEPLOYMENT,
                        Resource.SERVICE,
                        Resource.CONTROLLER_REVISION,
                        Resource.EVENT);
        platform.patch("metadata: {annotations: {serving.kserve.io/enable-tag-routing: 'true'}}");
        platform.await("the operator is quiet", () -> quiet(kinds));
        var before = kinds.stream().map(platform::versions).toList();
        var iris = platform.iris().text("metadata", "resourceVersion");
        platform.restartOperator();
        platform.await("it routes again", () -> !platform.routes().isEmpty());
        platform.await("the operator is quiet", () -> quiet(kinds));
        assertThat(kinds.stream().map(platform::versions).toList()).isEqualTo(before);
        assertThat(platform.iris().text("metadata", "resourceVersion")).isEqualTo(iris);
    }

    /** Nothing of these kinds moved for a while. */
    private boolean quiet(List<Resource> kinds) {
        var first = kinds.stream().map(platform::versions).toList();
        java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
        return kinds.stream().map(platform::versions).toList().equals(first);
    }

    @Test
    void thePercentageSplitsThenPromotesThenRollsBack() throws Exception {
        applied("m1");
        platform.patch(
                "spec: {predictor: {canaryTrafficPercent: 10, model: {storageUri: 'file:///models/m2'}}}");
        platform.await("a canary", () -> platform.traffic().equals("00002*10 00001:90"));
        platform.patch("spec: {predictor: {canaryTrafficPercent: 0}}");
        platform.await("a rollback", () -> platform.traffic().equals("00002*0 00001:100"));
        platform.patch("spec: {predictor: {canaryTrafficPercent: null}}");
        platform.await("a promotion", () -> platform.traffic().equals("00002*100"));
        platform.await(
                "the old one drains to zero",
                () ->
                        platform.object(Resource.DEPLOYMENT, R1)
                                .integer("spec", "replicas")
                                .equals(java.util.OptionalLong.of(0)));
        assertThat(
                        platform.iris()
                                .text(
                                        "status",
                                        "components",
                                        "predictor",
                                        "previousRolledoutRevision"))
                .contains(R1);
    }

    @Test
    void theSeedsCanarySplitsOnFirstApplyAndPromotingItRestartsNothing() throws Exception {
        apply("m1");
        platform.patch(
                """
                spec:
                  predictor:
                    canaryTrafficPercent: 10
                    canary: {model: {modelFormat: {name: sklearn}, storageUri: 'file:///models/m2'}}
                """);
        platform.await("a split", () -> platform.traffic().equals("00002*10 00001:90"));
        var before = platform.object(Resource.DEPLOYMENT, R2).text("metadata", "uid");
        platform.patch(
                "spec: {predictor: {canary: null, canaryTrafficPercent: null, model: {storageUri: 'file:///models/m2'}}}");
        platform.await("a promotion", () -> platform.traffic().equals("00002*100"));
        assertThat(platform.object(Resource.DEPLOYMENT, R2).text("metadata", "uid"))
                .isEqualTo(before);
        assertThat(platform.names(Resource.CONTROLLER_REVISION)).containsExactly(R1, R2);
    }

    @Test
    void aModelThatCannotBeLoadedIsNamedAndTheOldOneServesOn() throws Exception {
        applied("m1");
        apply("broken");
        platform.await(
                "it failed", () -> platform.condition("Ready").equals("False/ModelLoadFailed"));
        assertThat(platform.traffic()).isEqualTo("00001*100");
        var model = platform.iris().object("status", "modelStatus");
        assertThat(model.text("transitionStatus")).contains("BlockedByFailedLoad");
        assertThat(model.text("lastFailureInfo", "message"))
                .contains("no model file in /models/broken");
        assertThat(platform.iris().flag("status", "marea", "servable")).isTrue();
        applied("m1");
        platform.await(
                "the broken one is gone", () -> !platform.names(Resource.DEPLOYMENT).contains(R2));
    }

    @Test
    void aSlowSuccessorGetsNothingBeforeItIsReady() throws Exception {
        applied("m1");
        apply("slow");
        platform.await("it starts", () -> platform.names(Resource.DEPLOYMENT).contains(R2));
        platform.await("it is told", () -> platform.condition("Ready").startsWith("Unknown/"));
        assertThat(platform.traffic()).isEqualTo("00001*100");
        platform.node().release(R2);
        platform.await("it took over", () -> platform.traffic().equals("00002*100"));
    }

    @Test
    void aWaitingRequestWakesAServiceThatSleeps() throws Exception {
        platform.apply(MANIFEST.formatted(0, "m1"));
        platform.await("ready", platform::settled);
        platform.cluster.mergePatch(
                ResourcePath.named("deployments").orElseThrow(),
                platform.namespace(),
                R1,
                dev.marea.wire.json.Json.Obj.of(
                        "spec", dev.marea.wire.json.Json.Obj.of("replicas", 0)),
                _ -> {});
        platform.await("asleep", () -> ready(R1) == 0);
        platform.await("still ready", () -> platform.condition("Ready").equals("True/Ready"));
        var load = new RevisionLoad(new ServiceId(platform.namespace(), "iris"), R1, 1, 1, 1);
        platform.await(
                "awake",
                () -> {
                    platform.report(new LoadReport("g", List.of(load)));
                    return ready(R1) == 1;
                });
        platform.await(
                "the reason stands in the status",
                () ->
                        platform.iris().list("status", "marea", "scaling").stream()
                                .anyMatch(s ->
                                        s.text("reason").orElse("").contains("no replica runs")));
    }

    private long ready(String deployment) {
        return platform.object(Resource.DEPLOYMENT, deployment)
                .integer("status", "readyReplicas")
                .orElse(0);
    }

    @Test
    void stoppingTakesEverythingDownAndStartingBringsItBack() throws Exception {
        applied("m1");
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'true'}}");
        platform.await("stopped", () -> platform.condition("Ready").equals("False/Stopped"));
        platform.await("nothing runs", () -> platform.names(Resource.DEPLOYMENT).isEmpty());
        platform.await("nothing is named", () -> platform.names(Resource.SERVICE).isEmpty());
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'false'}}");
        platform.await("ready again", platform::settled);
        assertThat(platform.condition("Stopped")).isEqualTo("none");
        assertThat(platform.traffic()).isEqualTo("00001*100");
    }

    @Test
    void aServiceWithoutARuntimeSaysWhichThereAre() throws Exception {
        platform.apply(MANIFEST.formatted(1, "m1").replace("name: sklearn", "name: nope"));
        platform.await(
                "told", () -> platform.condition("Ready").equals("False/NoSupportingRuntime"));
        assertThat(
                        platform.iris()
                                .text("status", "modelStatus", "lastFailureInfo", "message")
                                .orElse(""))
                .contains("kserve-sklearnserver: ");
        platform.apply(
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: ServingRuntime
                metadata: {name: mine}
                spec:
                  supportedModelFormats: [{name: nope, autoSelect: true}]
                  protocolVersions: [v2]
                  containers: [{name: kserve-container, image: 'mine:1'}]
                """);
        platform.await("a new runtime is taken up at once", platform::settled);
        assertThat(platform.iris().text("status", "servingRuntimeName")).contains("mine");
    }

    @Test
    void deletingAServiceLeavesNothingBehind() throws Exception {
        applied("m1");
        platform.cluster.delete(ResourcePath.INFERENCE_SERVICE, platform.namespace(), "iris");
        for (var kind :
                List.of(
                        Resource.DEPLOYMENT,
                        Resource.SERVICE,
                        Resource.CONTROLLER_REVISION,
                        Resource.ENDPOINT_SLICE)) {
            platform.await("no " + kind.kind(), () -> platform.names(kind).isEmpty());
        }
        platform.await("no route", () -> platform.routes().isEmpty());
    }
}
