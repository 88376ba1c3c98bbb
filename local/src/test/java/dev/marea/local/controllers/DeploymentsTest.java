package dev.marea.local.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Follow;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeploymentsTest {
    private static final String ROLLING =
            "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static boolean revision(Json.Obj deployment, String number) {
        return number.equals(new Meta(deployment).annotations().get(ReplicaSetView.REVISION));
    }

    private List<ReplicaSetView> sets() {
        return world.list(Resource.REPLICA_SET).stream().map(ReplicaSetView::new).toList();
    }

    @Test
    void aDeploymentBecomesPodsAndSaysSo() {
        world.deploy("web", 3, ROLLING);

        var done =
                world.awaitDeployment(
                        "web",
                        d -> World.reason(d, "Progressing").equals("NewReplicaSetAvailable"));

        assertThat(World.rolledOut(done)).isTrue();
        assertThat(World.reason(done, "Available")).isEqualTo("MinimumReplicasAvailable");
        assertThat(new Meta(done).annotations())
                .containsEntry("deployment.kubernetes.io/revision", "1");
        assertThat(world.pods())
                .hasSize(3)
                .allSatisfy(pod ->
                        assertThat(new Meta(pod).labels())
                                .containsKeys("app", "pod-template-hash"));
    }

    @Test
    void aRollingUpdateNeverHasFewerPodsThanAllowed() {
        world.deploy("web", 3, ROLLING);
        world.awaitDeployment("web", World::rolledOut);
        var least = new AtomicInteger(Integer.MAX_VALUE);
        var most = new AtomicInteger();
        try (var _ = Follow.all(world.objects, Resource.POD, change -> count(least, most))) {
            world.image("web", "a:2");
            var done = world.awaitDeployment("web", d -> World.rolledOut(d) && revision(d, "2"));
            assertThat(done.integer("status", "unavailableReplicas")).hasValue(0);
        }
        assertThat(least.get()).isGreaterThanOrEqualTo(3);
        assertThat(most.get()).isLessThanOrEqualTo(4);
        assertThat(sets()).extracting(ReplicaSetView::replicas).containsExactlyInAnyOrder(0, 3);
    }

    private void count(AtomicInteger least, AtomicInteger most) {
        var active = world.pods().stream().filter(Pods::active).toList();
        int ready = (int) active.stream().filter(Pods::ready).count();
        least.accumulateAndGet(ready, Math::min);
        most.accumulateAndGet(active.size(), Math::max);
    }

    @Test
    void anEqualTemplateUsesItsOldSetAgainUnderANewRevision() {
        world.deploy("web", 1, ROLLING);
        world.awaitDeployment("web", World::rolledOut);
        var first = sets().getFirst().name();
        var template =
                world.objects.get(World.deployment("web")).orElseThrow().object("spec", "template");
        world.image("web", "a:2");
        world.awaitDeployment("web", d -> World.rolledOut(d) && sets().size() == 2);

        world.edit(World.deployment("web"), d -> d.withAt(List.of("spec", "template"), template));
        world.awaitDeployment("web", d -> World.rolledOut(d) && revision(d, "3"));

        assertThat(sets())
                .filteredOn(set -> set.replicas() == 1)
                .singleElement()
                .satisfies(set -> {
                    assertThat(set.name()).isEqualTo(first);
                    assertThat(set.revision()).isEqualTo(3);
                });
    }

    @Test
    void recreateStopsTheOldBeforeTheNew() {
        world.deploy("web", 2, "{type: Recreate}");
        world.awaitDeployment("web", World::rolledOut);
        var together = new AtomicInteger();
        try (var _ =
                Follow.all(
                        world.objects,
                        Resource.POD,
                        change -> {
                            var hashes =
                                    world.pods().stream()
                                            .map(pod ->
                                                    new Meta(pod).labels().get("pod-template-hash"))
                                            .distinct()
                                            .count();
                            together.accumulateAndGet((int) hashes, Math::max);
                        })) {
            world.image("web", "a:2");
            world.awaitDeployment("web", d -> World.rolledOut(d) && sets().size() == 2);
        }
        assertThat(together.get()).isEqualTo(1);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRollOut() {
        world.deploy("web", 1, ROLLING);
        world.awaitDeployment("web", World::rolledOut);
        world.edit(
                World.deployment("web"), d -> d.withAt(List.of("spec", "paused"), Json.of(true)));
        world.image("web", "a:2");
        world.scale("web", 2);

        world.awaitDeployment(
                "web",
                d ->
                        d.integer("status", "availableReplicas").orElse(0) == 2
                                && World.reason(d, "Progressing").equals("DeploymentPaused"));

        assertThat(sets()).hasSize(1);
    }

    @Test
    void aBrokenTemplateLeavesTheOldPodsServing() {
        world.deploy("web", 2, ROLLING);
        world.awaitDeployment("web", World::rolledOut);
        world.sick(pod -> pod.toString().contains("broken"));

        world.image("web", "broken");
        world.awaitDeployment(
                "web",
                d ->
                        d.integer("status", "updatedReplicas").orElse(0) == 1
                                && d.integer("status", "replicas").orElse(0) == 3);

        assertThat(world.pods().stream().filter(Pods::ready)).hasSize(2);
        world.scale("web", 4); // what serves gets its share
        World.awaitTrue(
                () -> world.pods().stream().filter(Pods::ready).count() >= 3,
                () -> world.pods().toString());
    }

    @Test
    void tooSlowProgressIsAReason() {
        world.sick(_ -> true);
        world.apply(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: slow, namespace: default}
                spec:
                  progressDeadlineSeconds: 1
                  selector: {matchLabels: {app: slow}}
                  template: {metadata: {labels: {app: slow}}, spec: {containers: [{name: main, image: a}]}}
                """);

        var late =
                world.awaitDeployment(
                        "slow",
                        d -> World.reason(d, "Progressing").equals("ProgressDeadlineExceeded"));

        assertThat(World.reason(late, "Available")).isEqualTo("MinimumReplicasUnavailable");
    }

    @Test
    void oldSetsBeyondTheLimitAreForgotten() {
        world.deploy("web", 1, ROLLING);
        world.edit(
                World.deployment("web"),
                d -> d.withAt(List.of("spec", "revisionHistoryLimit"), Json.of(1)));
        for (int i = 2; i <= 4; i++) {
            var wanted = String.valueOf(i);
            world.image("web", "a:" + i);
            world.awaitDeployment("web", d -> World.rolledOut(d) && revision(d, wanted));
        }
        World.awaitTrue(() -> sets().size() == 2, () -> sets().toString());
    }

    @Test
    void deletingADeploymentTakesItsPodsAlong() throws Exception {
        world.deploy("web", 2, ROLLING);
        world.awaitDeployment("web", World::rolledOut);

        world.objects.delete(World.deployment("web"), "test");

        World.awaitTrue(
                () -> world.pods().isEmpty() && sets().isEmpty(), () -> world.pods().toString());
    }

    @Test
    void scalingDownEndsTheNotReadyFirst() {
        world.sick(pod -> new Meta(pod).labels().getOrDefault("sick", "no").equals("yes"));
        world.deploy("web", 2, ROLLING);
        world.awaitDeployment("web", World::rolledOut);
        var sick = world.pods().getFirst();
        world.sick(pod -> new Meta(pod).name().equals(new Meta(sick).name()));
        world.edit(new Meta(sick).key(Resource.POD), pod -> pod);
        unready(sick);

        world.scale("web", 1);

        World.awaitTrue(() -> world.pods().size() == 1, () -> world.pods().toString());
        assertThat(new Meta(world.pods().getFirst()).name()).isNotEqualTo(new Meta(sick).name());
    }

    private void unready(Json.Obj pod) {
        var key = new Key(Resource.POD, "default", new Meta(pod).name());
        try {
            world.objects.updateStatus(
                    World.ready(world.objects.get(key).orElseThrow(), false)
                            .withoutAt(List.of("metadata", "resourceVersion")),
                    "test");
        } catch (Refusal refused) {
            throw new AssertionError(refused);
        }
    }
}
