package dev.marea.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.local.LocalApi;
import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoredObjectsTest {
    private static final Clock NOON =
            Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

    private static final Json CONTAINERS = Json.of(List.of(Json.Obj.of("name", "c", "image", "i")));

    private final LocalApi api = LocalApi.inMemory(List.of(), Map.of(), NOON);
    private final Objects objects = api.objects();

    @AfterEach
    void close() {
        api.close();
    }

    private static Json.Obj configMap(String name, Object... data) {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Json.Obj.of("name", name, "namespace", "default"),
                "data",
                Json.Obj.of(data));
    }

    private static Json.Obj pod(String name, Json.Obj spec) {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Json.Obj.of("name", name, "namespace", "default"),
                "spec",
                spec.with("containers", CONTAINERS));
    }

    private static Key key(Resource resource, String name) {
        return new Key(resource, "default", name);
    }

    private static Refusal refusal(ThrowingCallable call) {
        return catchThrowableOfType(Refusal.class, call);
    }

    private static long version(Json object) {
        return Long.parseLong(object.text("metadata", "resourceVersion").orElseThrow());
    }

    @Test
    void aCreatedObjectHasIdentityAndTheNextVersion() throws Refusal {
        var made = objects.create(configMap("a", "k", "v"), "me");

        assertThat(made.text("metadata", "uid")).isPresent();
        assertThat(made.text("metadata", "creationTimestamp")).contains("2026-11-01T12:00:00Z");
        assertThat(objects.get(key(Resource.CONFIG_MAP, "a"))).contains(made);
        assertThat(objects.list(Resource.CONFIG_MAP, "default").version()).isEqualTo(version(made));
    }

    @Test
    void aSecondOfTheSameNameIsRefused() throws Refusal {
        objects.create(configMap("a"), "me");

        var refused = refusal(() -> objects.create(configMap("a"), "me"));

        assertThat(refused).hasMessage("configmaps \"a\" already exists");
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.reason()).isEqualTo("AlreadyExists");
    }

    @Test
    void anObjectNeedsItsNamespace() {
        var lost = configMap("a").withAt(List.of("metadata", "namespace"), Json.of("nowhere"));

        assertThat(refusal(() -> objects.create(lost, "me")))
                .hasMessage("namespaces \"nowhere\" not found");
    }

    @Test
    void aBadNameIsRefusedInTheWordsOfKubernetes() {
        assertThat(refusal(() -> objects.create(configMap("A_b"), "me")))
                .hasMessageStartingWith(
                        "ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\": a"
                                + " lowercase RFC 1123 subdomain must consist of");
    }

    @Test
    void anUpdateOfAStaleVersionConflicts() throws Refusal {
        var first = objects.create(configMap("a", "k", "1"), "me");
        objects.update(first.with("data", Json.Obj.of("k", "2")), "me");

        var refused =
                refusal(() -> objects.update(first.with("data", Json.Obj.of("k", "3")), "me"));

        assertThat(refused.conflict()).isTrue();
        assertThat(refused)
                .hasMessage(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been"
                                + " modified; please apply your changes to the latest version and try"
                                + " again");
    }

    @Test
    void anUpdateThatChangesNothingKeepsTheVersion() throws Refusal {
        var first = objects.create(configMap("a", "k", "1"), "me");

        assertThat(objects.update(configMap("a", "k", "1"), "me")).isEqualTo(first);
    }

    @Test
    void specRaisesTheGenerationAndStatusDoesNot() throws Refusal {
        var pod = objects.create(pod("p", Json.Obj.of("nodeName", "n")), "me");
        var labelled =
                objects.update(pod.withAt(List.of("metadata", "labels", "a"), Json.of("b")), "me");
        var running =
                objects.updateStatus(
                        labelled.with("status", Json.Obj.of("phase", "Running")), "me");
        var moved = objects.update(running.withAt(List.of("spec", "nodeName"), Json.of("m")), "me");

        assertThat(labelled.integer("metadata", "generation")).hasValue(1);
        assertThat(running.integer("metadata", "generation")).hasValue(1);
        assertThat(moved.integer("metadata", "generation")).hasValue(2);
        assertThat(moved.text("status", "phase")).contains("Running");
    }

    @Test
    void theStatusDoorLeavesTheSpecAlone() throws Refusal {
        var pod = objects.create(pod("p", Json.Obj.of("nodeName", "n")), "me");

        var next =
                objects.updateStatus(
                        pod.withAt(List.of("spec", "nodeName"), Json.of("other"))
                                .with("status", Json.Obj.of("phase", "Running")),
                        "me");

        assertThat(next.text("spec", "nodeName")).contains("n");
        assertThat(next.text("status", "phase")).contains("Running");
    }

    @Test
    void finalizersHoldADeletedObjectUntilTheLastIsGone() throws Refusal {
        var held =
                configMap("a").withAt(List.of("metadata", "finalizers"), Json.of(List.of("x/y")));
        objects.create(held, "me");
        objects.delete(key(Resource.CONFIG_MAP, "a"), "me");
        var marked = objects.get(key(Resource.CONFIG_MAP, "a")).orElseThrow();
        assertThat(marked.text("metadata", "deletionTimestamp")).contains("2026-11-01T12:00:00Z");

        objects.update(marked.withoutAt(List.of("metadata", "finalizers")), "me");

        assertThat(objects.get(key(Resource.CONFIG_MAP, "a"))).isEmpty();
    }

    @Test
    void aPodOnTheNodeIsOnlyMarkedUntilTheNodeHasEndedIt() throws Refusal {
        objects.create(
                pod("p", Json.Obj.of("nodeName", "n", "terminationGracePeriodSeconds", 7)), "me");
        objects.delete(key(Resource.POD, "p"), "me");

        var marked = objects.get(key(Resource.POD, "p")).orElseThrow();
        assertThat(marked.text("metadata", "deletionTimestamp")).contains("2026-11-01T12:00:07Z");
        assertThat(marked.integer("metadata", "deletionGracePeriodSeconds")).hasValue(7);

        objects.delete(key(Resource.POD, "p"), Objects.NODE);
        assertThat(objects.get(key(Resource.POD, "p"))).isEmpty();
    }

    @Test
    void aPodWithoutANodeGoesAtOnce() throws Refusal {
        objects.create(pod("p", Json.Obj.EMPTY), "me");
        objects.delete(key(Resource.POD, "p"), "me");

        assertThat(objects.get(key(Resource.POD, "p"))).isEmpty();
    }

    @Test
    void aDeleteMayNameTheIdentityThatItMeans() throws Refusal {
        objects.create(configMap("a"), "me");

        var refused =
                refusal(() ->
                        objects.delete(
                                key(Resource.CONFIG_MAP, "a"),
                                Deletion.DEFAULT.withUid("other"),
                                "me"));

        assertThat(refused.conflict()).isTrue();
        assertThat(objects.get(key(Resource.CONFIG_MAP, "a"))).isPresent();
    }

    @Test
    void foregroundDeletionWaitsForTheCollector() throws Refusal {
        objects.create(configMap("a"), "me");
        objects.delete(
                key(Resource.CONFIG_MAP, "a"),
                Deletion.DEFAULT.withPropagation(Deletion.Propagation.FOREGROUND),
                "me");

        assertThat(
                        objects.get(key(Resource.CONFIG_MAP, "a"))
                                .orElseThrow()
                                .list("metadata", "finalizers"))
                .containsExactly(Json.of("foregroundDeletion"));
    }

    @Test
    void namesAreMadeUpFromTheirBeginning() throws Refusal {
        var nameless =
                configMap("")
                        .with(
                                "metadata",
                                Json.Obj.of("generateName", "a-", "namespace", "default"));

        assertThat(objects.create(nameless, "me").text("metadata", "name").orElseThrow())
                .matches("a-[a-z0-9]{5}");
    }

    @Test
    void aWatchHearsEveryChangeOfItsKindInOrder() throws Exception {
        long from = objects.list(Resource.CONFIG_MAP, "").version();
        var heard = new LinkedBlockingQueue<Change>();
        try (var _ = objects.watch(Resource.CONFIG_MAP, from, heard::add)) {
            var made = objects.create(configMap("a", "k", "1"), "me");
            objects.create(pod("p", Json.Obj.EMPTY), "me");
            objects.update(made.with("data", Json.Obj.of("k", "2")), "me");
            objects.delete(key(Resource.CONFIG_MAP, "a"), "me");

            for (var type : Change.Type.values()) {
                var change = heard.poll(30, TimeUnit.SECONDS);
                assertThat(change).isNotNull();
                assertThat(change.type()).isEqualTo(type);
                assertThat(change.version()).isEqualTo(version(change.object()));
            }
            assertThat(heard).isEmpty();
        }
    }
}
