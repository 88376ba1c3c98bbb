package dev.marea.kubernetes.coexist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.api.Kind;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RivalTest {
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Json.Obj WEBHOOKS =
            Json.Obj.of(
                    "webhooks",
                    List.of(
                            Json.Obj.of(
                                    "clientConfig",
                                    Json.Obj.of("service", Json.Obj.of("namespace", "models")))));

    private final Map<String, Json.Obj> objects = new ConcurrentHashMap<>();
    private volatile boolean away;

    private Rival watch() {
        return Rival.watch(this::get, SOON);
    }

    private Optional<Json.Obj> get(Kind kind, String namespace, String name) throws IOException {
        if (away) {
            throw new IOException("the API is away");
        }
        return Optional.ofNullable(objects.get(name));
    }

    private static Json.Obj controller(int replicas) {
        return Json.Obj.of("spec", Json.Obj.of("replicas", replicas));
    }

    @Test
    void whereNothingOfKServeIsWeAreAlone() throws InterruptedException {
        try (var rival = watch()) {
            assertThat(rival.found()).isEmpty();
            assertThat(rival.awaitAlone(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void itsWebhooksAreSaidWithTheirNamespaceAndWhatToDo() throws InterruptedException {
        objects.put(Rival.WEBHOOKS, WEBHOOKS);
        try (var rival = watch()) {
            assertThat(rival.found().orElse(""))
                    .contains("KServe of namespace models")
                    .contains(Rival.WEBHOOKS)
                    .contains("docs/coexistence.md");
            assertThat(rival.awaitAlone(Duration.ofMillis(20))).isFalse();
        }
    }

    @Test
    void aControllerThatWasStoppedIsNoRival() {
        objects.put(Rival.CONTROLLER, controller(0));
        try (var rival = watch()) {
            assertThat(rival.found()).isEmpty();
        }
        objects.put(Rival.CONTROLLER, controller(1));
        try (var rival = watch()) {
            assertThat(rival.found()).isPresent();
        }
    }

    @Test
    void weActOnceItIsGone() throws InterruptedException {
        objects.put(Rival.WEBHOOKS, WEBHOOKS);
        try (var rival = watch()) {
            objects.clear();

            assertThat(rival.awaitAlone(Duration.ofSeconds(10))).isTrue();
            assertThat(rival.appeared()).isNotDone();
        }
    }

    @Test
    void whoComesLaterEndsOurActing() throws Exception {
        try (var rival = watch()) {
            objects.put(Rival.CONTROLLER, controller(1));

            assertThat(rival.appeared().get(10, TimeUnit.SECONDS)).contains(Rival.CONTROLLER);
        }
    }

    @Test
    void anApiThatIsAwaySaysNeither() throws InterruptedException {
        away = true;
        try (var rival = watch()) {
            assertThat(rival.awaitAlone(Duration.ofMillis(20))).isFalse();
            away = false;
            assertThat(rival.awaitAlone(Duration.ofSeconds(10))).isTrue();
        }
    }
}
