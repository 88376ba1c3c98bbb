package dev.marea.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.local.LocalApi;
import dev.marea.local.objects.Change;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UpkeepTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private final LocalApi api =
            LocalApi.inMemory(List.of(), Map.of(), Clock.fixed(NOON, ZoneOffset.UTC));
    private final Objects objects = api.objects();

    @AfterEach
    void close() {
        api.close();
    }

    private static Json.Obj object(String kind, String namespace, String name) {
        var metadata = Json.Obj.of("name", name);
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                kind,
                "metadata",
                namespace.isEmpty() ? metadata : metadata.with("namespace", Json.of(namespace)));
    }

    private CountDownLatch gone(Resource resource) throws Refusal {
        var gone = new CountDownLatch(1);
        objects.watch(
                resource,
                objects.list(resource, "").version(),
                change -> {
                    if (change.type() == Change.Type.DELETED) {
                        gone.countDown();
                    }
                });
        return gone;
    }

    @Test
    void aDeletedNamespaceTakesItsContentsAlong() throws Exception {
        objects.create(object("Namespace", "", "n"), "me");
        objects.create(object("ConfigMap", "n", "a"), "me");
        var gone = gone(Resource.NAMESPACE);

        objects.delete(Key.namespace("n"), "me");

        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(objects.get(new Key(Resource.CONFIG_MAP, "n", "a"))).isEmpty();
        assertThat(objects.get(Key.namespace("n"))).isEmpty();
    }

    @Test
    void anEndingNamespaceTakesNothingNewAndWaitsForWhatHolds() throws Exception {
        objects.create(object("Namespace", "", "n"), "me");
        var held = object("ConfigMap", "n", "a");
        objects.create(
                held.withAt(List.of("metadata", "finalizers"), Json.of(List.of("x/y"))), "me");
        var gone = gone(Resource.NAMESPACE);
        objects.delete(Key.namespace("n"), "me");

        var refused =
                catchThrowableOfType(
                        Refusal.class, () -> objects.create(object("ConfigMap", "n", "b"), "me"));
        assertThat(refused)
                .hasMessage(
                        "configmaps \"b\" is forbidden: unable to create new content in namespace n"
                                + " because it is being terminated");
        assertThat(objects.get(Key.namespace("n")).orElseThrow().text("status", "phase"))
                .contains("Terminating");

        objects.update(held, "me");
        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void oldEventsAreForgotten() throws Exception {
        var gone = gone(Resource.EVENT);
        var old =
                object("Event", "default", "old")
                        .with("involvedObject", Json.Obj.of("kind", "Pod", "namespace", "default"));
        objects.create(old.with("lastTimestamp", Json.of("2026-11-01T10:59:00Z")), "me");
        objects.create(
                old.withAt(List.of("metadata", "name"), Json.of("new"))
                        .with("lastTimestamp", Json.of("2026-11-01T11:01:00Z")),
                "me");

        try (var _ = Upkeep.start((StoredObjects) objects, Clock.fixed(NOON, ZoneOffset.UTC))) {
            assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(objects.list(Resource.EVENT, "default").items())
                .extracting(event -> event.text("metadata", "name").orElse(""))
                .containsExactly("new");
    }
}
