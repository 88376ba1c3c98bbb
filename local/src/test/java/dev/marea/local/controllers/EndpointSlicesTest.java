package dev.marea.local.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EndpointSlicesTest {
    private final World world = new World();

    @BeforeEach
    void serve() {
        world.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default, labels: {team: x}}
                spec: {selector: {app: web}, ports: [{name: h, port: 80, targetPort: http}]}
                """);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private List<Json.Obj> slices() {
        return world.list(Resource.ENDPOINT_SLICE);
    }

    private void await(Predicate<List<Json.Obj>> like) {
        World.awaitTrue(() -> like.test(slices()), () -> slices().toString());
    }

    private static boolean ready(Json.Obj slice) {
        return slice.list("endpoints").stream().allMatch(e -> e.flag("conditions", "ready"));
    }

    @Test
    void eachPodIsFoundAtItsOwnPort() {
        world.deploy("web", 2, "{}");
        await(all -> all.size() == 2 && all.stream().allMatch(EndpointSlicesTest::ready));

        for (var pod : world.pods()) {
            var number =
                    new Meta(pod)
                            .annotations()
                            .getOrDefault("marea.dev/ports", "")
                            .replaceAll(".*:|}", "");
            assertThat(slices())
                    .filteredOn(s ->
                            s.list("ports").getFirst().integer("port").orElse(0)
                                    == Long.parseLong(number))
                    .singleElement()
                    .satisfies(slice -> {
                        var endpoint = slice.list("endpoints").getFirst();
                        assertThat(endpoint.text("targetRef", "name"))
                                .contains(new Meta(pod).name());
                        assertThat(endpoint.list("addresses"))
                                .containsExactly(Json.of("127.0.0.1"));
                        assertThat(slice.list("ports").getFirst().text("name")).contains("h");
                        assertThat(new Meta(slice).labels())
                                .containsEntry("kubernetes.io/service-name", "web")
                                .containsEntry("team", "x");
                    });
        }
    }

    @Test
    void aPodThatIsNotReadyIsThereButNotReady() {
        world.sick(_ -> true);
        world.deploy("web", 1, "{}");
        World.awaitTrue(() -> !world.pods().isEmpty(), () -> "no pod");
        var pod = world.pods().getFirst();
        World.await(
                () ->
                        world.objects
                                .get(new Meta(pod).key(Resource.POD))
                                .filter(p -> p.text("spec", "nodeName").isPresent()),
                () -> "unbound");
        status(pod, false);
        await(all -> all.size() == 1 && !ready(all.getFirst()));

        status(pod, true);
        await(all -> all.size() == 1 && ready(all.getFirst()));
    }

    private void status(Json.Obj pod, boolean ready) {
        try {
            world.objects.updateStatus(
                    World.ready(
                                    world.objects
                                            .get(new Meta(pod).key(Resource.POD))
                                            .orElseThrow(),
                                    ready)
                            .withoutAt(List.of("metadata", "resourceVersion")),
                    Objects.NODE);
        } catch (Refusal refused) {
            throw new AssertionError(refused);
        }
    }

    @Test
    void aPodWithoutTheLabelIsNotBehindTheService() {
        world.deploy("web", 1, "{}");
        await(all -> all.size() == 1 && ready(all.getFirst()));

        world.edit(
                new Meta(world.pods().getFirst()).key(Resource.POD),
                pod -> pod.withAt(List.of("metadata", "labels", "app"), Json.of("other")));

        // the ReplicaSet lets it go and makes another, which takes its place
        World.awaitTrue(() -> world.pods().size() == 2, () -> world.pods().toString());
        await(all ->
                all.size() == 1
                        && ready(all.getFirst())
                        && all.getFirst().list("endpoints").size() == 1);
    }

    @Test
    void slicesGoWithTheirPodsAndWithTheirService() throws Exception {
        world.deploy("web", 2, "{}");
        await(all -> all.size() == 2);
        world.scale("web", 1);
        await(all -> all.size() == 1);

        world.objects.delete(new Key(Resource.SERVICE, "default", "web"), Deletion.DEFAULT, "test");

        await(List::isEmpty);
    }

    @Test
    void aServiceHasAnAddress() {
        World.awaitTrue(
                () ->
                        world.list(Resource.SERVICE)
                                .getFirst()
                                .text("spec", "clusterIP")
                                .orElse("")
                                .equals("127.0.0.1"),
                () -> world.list(Resource.SERVICE).toString());
    }
}
