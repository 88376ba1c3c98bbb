package dev.marea.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
    private static final List<Resource> SERVED = List.of(Resource.CONFIG_MAP, Resource.SECRET);
    private static final Duration SOON = Duration.ofSeconds(5);

    private static Key key(String name) {
        return new Key(Resource.CONFIG_MAP, "default", name);
    }

    private static Json.Obj object(String name, int value) {
        return Json.Obj.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Json.Obj.of("name", name, "namespace", "default"),
                "data",
                Json.Obj.of("value", Integer.toString(value)));
    }

    private static Optional<List<Change>> put(Store store, String name, long expected, int value)
            throws Refusal {
        return store.commit(
                List.of(new Write.Put(key(name), expected, object(name, value))), Store.Guard.NONE);
    }

    private static long made(Store store, String name) throws Refusal {
        return put(store, name, Write.ABSENT, 0).orElseThrow().getFirst().version();
    }

    @Test
    void aWriteThatExpectsAnotherVersionDoesNothing() throws Refusal {
        try (var store = Store.inMemory(SERVED)) {
            long version = made(store, "a");

            assertThat(put(store, "a", Write.ABSENT, 1)).isEmpty();
            assertThat(put(store, "a", version + 7, 1)).isEmpty();
            assertThat(put(store, "a", version, 1)).isPresent();
            assertThat(store.get(key("a")).orElseThrow().object().text("data", "value"))
                    .contains("1");
        }
    }

    @Test
    void aCommitOfSeveralWritesIsAllOrNothing() throws Refusal {
        try (var store = Store.inMemory(SERVED)) {
            made(store, "a");
            var writes =
                    List.<Write>of(
                            new Write.Put(key("b"), Write.ABSENT, object("b", 0)),
                            new Write.Put(key("a"), Write.ABSENT, object("a", 0)));

            assertThat(store.commit(writes, Store.Guard.NONE)).isEmpty();
            assertThat(store.get(key("b"))).isEmpty();
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesASuddenEnd(@TempDir Path home) throws Exception {
        var crashed = home.resolve("crashed");
        Files.createDirectories(crashed);
        try (var store = Store.open(home.resolve("state.db"), SERVED)) {
            for (int i = 0; i < 20; i++) {
                made(store, "a" + i);
            }
            // What kill -9 leaves behind: the file and its log, nothing checkpointed or closed.
            for (var name : List.of("state.db", "state.db-wal")) {
                Files.copy(home.resolve(name), crashed.resolve(name));
            }
        }
        try (var store = Store.open(crashed.resolve("state.db"), SERVED)) {
            assertThat(store.list(Resource.CONFIG_MAP, "default").items()).hasSize(20);
            assertThat(store.version()).isEqualTo(20);
            assertThat(made(store, "next")).isEqualTo(21);
        }
    }

    @Test
    void versionsNeverGoBackThoughTheLastObjectIsGone(@TempDir Path home) throws Exception {
        var file = home.resolve("state.db");
        try (var store = Store.open(file, SERVED)) {
            long version = made(store, "a");
            var gone = new Write.Remove(key("a"), version, object("a", 0));
            assertThat(store.commit(List.of(gone), Store.Guard.NONE)).isPresent();
        }
        try (var store = Store.open(file, SERVED)) {
            assertThat(store.list(Resource.CONFIG_MAP, "").items()).isEmpty();
            assertThat(made(store, "a")).isEqualTo(3);
        }
    }

    @Test
    void theFileIsItsOwnersAlone(@TempDir Path home) throws IOException {
        var file = home.resolve("state.db");
        try (var _ = Store.open(file, SERVED)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void objectsOfAKindThatIsNotServedStayInTheFile(@TempDir Path home) throws Exception {
        var file = home.resolve("state.db");
        try (var store = Store.open(file, SERVED)) {
            made(store, "a");
        }
        try (var store = Store.open(file, List.of(Resource.SECRET))) {
            assertThat(store.get(key("a"))).isEmpty();
        }
        try (var store = Store.open(file, SERVED)) {
            assertThat(store.get(key("a"))).isPresent();
        }
    }

    @Test
    void aWatchReplaysTheWindowAfterARestart(@TempDir Path home) throws Exception {
        var file = home.resolve("state.db");
        try (var store = Store.open(file, SERVED)) {
            put(store, "a", made(store, "a"), 1);
        }
        try (var store = Store.open(file, SERVED);
                var changes = store.watch(Optional.of(Resource.CONFIG_MAP), 0)) {
            var added = changes.next(SOON).orElseThrow();
            var modified = changes.next(SOON).orElseThrow();

            assertThat(added.change().type()).isEqualTo(Change.Type.ADDED);
            assertThat(added.before()).isEmpty();
            assertThat(modified.change().type()).isEqualTo(Change.Type.MODIFIED);
            assertThat(modified.before().orElseThrow().text("data", "value")).contains("0");
        }
    }

    @Test
    void aSlowWatcherMissesNothingWithinTheWindow() throws Exception {
        try (var store = Store.inMemory(SERVED);
                var changes = store.watch(Optional.of(Resource.CONFIG_MAP), 0)) {
            int count = 2_500;
            for (int i = 0; i < count; i++) {
                made(store, "a" + i);
            }
            for (long version = 1; version <= count; version++) {
                var next = changes.next(SOON).orElseThrow();
                assertThat(next.change().version()).isEqualTo(version);
            }
            assertThat(changes.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aWatcherBehindTheWindowIsToldSo() throws Exception {
        try (var store = Store.inMemory(SERVED, 100);
                var changes = store.watch(Optional.of(Resource.CONFIG_MAP), 0)) {
            for (int i = 0; i < 1_200; i++) {
                made(store, "a" + i);
            }

            var refused = catchThrowableOfType(Refusal.class, () -> changes.next(SOON));
            assertThat(refused.code()).isEqualTo(410);
            assertThat(refused.reason()).isEqualTo("Expired");
        }
    }

    @Test
    void aWatchOfAForgottenPastIsRefused() throws Refusal {
        try (var store = Store.inMemory(SERVED, 10)) {
            for (int i = 0; i < 12; i++) {
                made(store, "a" + i);
            }

            assertThat(
                            catchThrowableOfType(
                                    Refusal.class,
                                    () -> store.watch(Optional.of(Resource.CONFIG_MAP), 1)))
                    .hasMessage("too old resource version: 1 (2)");
        }
    }

    @Test
    void writersAtOnceGetDifferentVersions(@TempDir Path home) throws Exception {
        try (var store = Store.open(home.resolve("state.db"), SERVED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Long>>();
            for (int i = 0; i < 200; i++) {
                var name = "a" + i;
                tasks.add(() -> made(store, name));
            }
            var versions = new ArrayList<Long>();
            for (var done : threads.invokeAll(tasks)) {
                versions.add(done.get());
            }

            assertThat(versions).doesNotHaveDuplicates().hasSize(200);
            assertThat(store.version()).isEqualTo(200);
        }
    }
}
