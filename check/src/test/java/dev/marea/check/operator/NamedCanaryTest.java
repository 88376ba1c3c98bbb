package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.route.RouteTable;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.local.objects.Resource;
import dev.marea.wire.kserve.CanarySteps;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** KServe's named canaries, stop and start and tags: rows 28, 29 and 33 to 37 of its contract. */
class NamedCanaryTest {
    private static final String MANIFEST =
            """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: iris
              annotations: {serving.kserve.io/deploymentMode: Standard%s}
            spec:
              predictor:
                minReplicas: %d
                model: {modelFormat: {name: sklearn}, storageUri: file:///models/m1}
              canary: [%s]
            """;
    private static final String R1 = "iris-predictor-00001";
    private static final String V2 = "iris-v2-predictor-00002";
    private static final String V3 = "iris-v3-predictor-00003";

    private SmallPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SmallPlatform();
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private static String canary(String name, int percent) {
        return "{predictor: {name: %s, model: {modelFormat: {name: sklearn}, storageUri: 'file:///models/%s'}}, trafficPercent: %d}"
                .formatted(name, name, percent);
    }

    private void apply(int replicas, String canaries) throws Exception {
        platform.apply(MANIFEST.formatted("", replicas, canaries));
    }

    private void settled(String traffic) throws Exception {
        platform.await(traffic, () -> platform.traffic().equals(traffic) && platform.settled());
    }

    private long replicas(String deployment) {
        return platform.object(Resource.DEPLOYMENT, deployment)
                .integer("spec", "replicas")
                .orElse(-1);
    }

    @Test
    void aCanaryHasItsShareOfTrafficAndReplicasAndAConditionOfItsOwn() throws Exception {
        apply(10, canary("v2", 15));
        settled("00002*15 00001:85");
        assertThat(replicas(R1)).isEqualTo(10);
        assertThat(replicas(V2)).isEqualTo(2);
        assertThat(platform.condition("CanaryPredictorReady")).isEqualTo("True/AllCanariesReady");
        assertThat(platform.iris().list("status", "conditions"))
                .extracting(c -> c.text("type").orElse(""))
                .containsExactly("CanaryPredictorReady", "IngressReady", "PredictorReady", "Ready");
        var said = platform.iris().list("status", "canaryStatuses").getFirst();
        assertThat(said.text("name")).contains("v2");
        assertThat(said.flag("ready")).isTrue();
        assertThat(said.integer("trafficPercent")).hasValue(15);
        assertThat(said.text("modelStatus", "transitionStatus")).contains("UpToDate");
    }

    @Test
    void aPromotedCanaryKeepsItsPods() throws Exception {
        apply(1, canary("v2", 10));
        settled("00002*10 00001:90");
        var before = platform.object(Resource.DEPLOYMENT, V2);
        var pods = podsOf(V2);
        platform.cluster.mergePatch(
                ResourcePath.INFERENCE_SERVICE,
                platform.namespace(),
                "iris",
                CanarySteps.promote(platform.iris(), "v2"),
                _ -> {});
        settled("00002*100");
        var after = platform.object(Resource.DEPLOYMENT, V2);
        assertThat(after.text("metadata", "uid")).isEqualTo(before.text("metadata", "uid"));
        assertThat(after.object("spec", "template")).isEqualTo(before.object("spec", "template"));
        assertThat(podsOf(V2)).isEqualTo(pods);
        assertThat(platform.names(Resource.CONTROLLER_REVISION)).containsExactly(R1, V2);
        assertThat(platform.iris().text("spec", "predictor", "name")).contains("v2");
        assertThat(platform.condition("CanaryPredictorReady")).isEqualTo("none");
    }

    @Test
    void severalCanariesSplitAndGoOneByOne() throws Exception {
        apply(1, canary("v2", 10) + ", " + canary("v3", 25));
        settled("00002:10 00003*25 00001:65");
        platform.await("they are routed to", () -> Map.of(R1, 65, V2, 10, V3, 25).equals(shares()));
        apply(1, canary("v3", 25));
        settled("00003*25 00001:75");
        platform.await("v2 is gone", () -> !platform.names(Resource.DEPLOYMENT).contains(V2));
        platform.await("its Service too", () -> !platform.names(Resource.SERVICE).contains(V2));
        apply(1, "");
        settled("00001*100");
        platform.await(
                "only the stable one is left",
                () -> platform.names(Resource.DEPLOYMENT).equals(java.util.List.of(R1)));
    }

    @Test
    void aBrokenCanaryLeavesTheServiceReadyAndSaysWhy() throws Exception {
        apply(1, canary("broken", 50));
        platform.await(
                "it failed",
                () -> platform.condition("CanaryPredictorReady").equals("False/CanariesNotReady"));
        settled("00001*100");
        assertThat(platform.iris().list("status", "canaryStatuses").getFirst())
                .satisfies(c -> {
                    assertThat(c.text("modelStatus", "lastFailureInfo", "message").orElse(""))
                            .contains("no model file");
                    assertThat(c.integer("trafficPercent")).hasValue(0);
                });
    }

    @Test
    void stoppingDeletesBothAndStartingBringsBothBack() throws Exception {
        apply(1, canary("v2", 10));
        settled("00002*10 00001:90");
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'true'}}");
        platform.await("nothing runs", () -> platform.names(Resource.DEPLOYMENT).isEmpty());
        platform.await("it says so", () -> platform.condition("Stopped").equals("True/Stopped"));
        for (var type : new String[] {"Ready", "PredictorReady", "IngressReady"}) {
            assertThat(platform.condition(type)).as(type).isEqualTo("False/Stopped");
        }
        assertThat(platform.condition("CanaryPredictorReady")).isEqualTo("False/Stopped");
        platform.patch("metadata: {annotations: {serving.kserve.io/stop: 'false'}}");
        settled("00002*10 00001:90");
        assertThat(platform.condition("Stopped")).isEqualTo("none");
        assertThat(platform.names(Resource.CONTROLLER_REVISION)).containsExactly(R1, V2);
    }

    @Test
    void tagsLeadToOneRevision() throws Exception {
        platform.apply(
                MANIFEST.formatted(
                        ", serving.kserve.io/enable-tag-routing: 'true'", 1, canary("v2", 0)));
        settled("00002*0 00001:100");
        platform.await(
                "tags",
                () ->
                        platform.routes().stream()
                                .flatMap(r -> r.revisions().stream())
                                .map(RouteTable.Revision::tags)
                                .toList()
                                .equals(
                                        java.util.List.of(
                                                java.util.List.of("v2", "latest"),
                                                java.util.List.of("prev"))));
        assertThat(platform.iris().list("status", "components", "predictor", "traffic"))
                .extracting(t -> t.text("tag").orElse(""), t -> t.text("url").orElse(""))
                .first()
                .isEqualTo(
                        org.assertj.core.groups.Tuple.tuple(
                                "v2",
                                "http://v2-iris-" + platform.namespace() + ".localhost:8080"));
    }

    @Test
    void whatCannotBeIsRefused() {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                platform.api().isOurs(), "this cluster has no webhook of ours");
        assertThatThrownBy(() -> apply(1, canary("v2", 60) + ", " + canary("v3", 41)))
                .hasMessageContaining("the shares add up to 101 percent");
    }

    private Map<String, Integer> shares() {
        var shares = new TreeMap<String, Integer>();
        platform.routes().stream()
                .flatMap(r -> r.revisions().stream())
                .forEach(r -> shares.put(r.name(), r.traffic().value()));
        return shares;
    }

    private java.util.List<String> podsOf(String revision) {
        return platform.names(Resource.POD).stream().filter(p -> p.startsWith(revision)).toList();
    }
}
