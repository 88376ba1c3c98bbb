package dev.marea.storage.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.storage.FetchOrder;
import dev.marea.storage.Fetched;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.Authorities;
import dev.marea.storage.http.ClientSettings;
import dev.marea.storage.http.Proxies;
import dev.marea.storage.http.Retries;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.transfer.TransferSettings;
import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every kind of store, whatever its protocol. */
class StoreContractTest {
    private static final Map<String, byte[]> MODEL =
            Map.of(
                    "model.bin", bytes(150_000, 1),
                    "config.json", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "sub dir/ünï+code.txt", bytes(30, 2),
                    "sub dir/deep/er.bin", bytes(70_000, 3));

    @TempDir Path directory;
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    static Stream<Shape> shapes() {
        return Shapes.all().stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void bringsEveryFileOfTheModelAndNoneOfItsNeighbour(Shape shape) throws Exception {
        try (var store = store(shape)) {
            store.files.put("models/iris-v2/other.bin", bytes(10, 4));

            var fetched = fetch(store, shape);

            assertThat(fetched.files()).isEqualTo(MODEL.size());
            assertModel();
            assertThat(pauses).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsCutIsAskedForAgain(Shape shape) throws Exception {
        try (var store = store(shape)) {
            store.trouble =
                    (number, call, content) -> {
                        if (number == 1) {
                            call.cut(content);
                        }
                        return false;
                    };

            fetch(store, shape);

            assertModel();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void moreThanWasListedIsNeverPublished(Shape shape) throws Exception {
        try (var store = store(shape)) {
            store.trouble =
                    (_, call, content) -> {
                        call.send(200, bytes(content.length + 7, 9));
                        return true;
                    };

            assertThatThrownBy(() -> fetch(store, shape)).isInstanceOf(IOException.class);

            assertThat(target().resolve("model.bin")).doesNotExist();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aStoreThatIsBusyIsAskedLater(Shape shape) throws Exception {
        try (var store = store(shape)) {
            var count = new AtomicInteger();
            store.refusal =
                    _ ->
                            switch (count.incrementAndGet()) {
                                case 1 -> 503;
                                case 2 -> 429;
                                default -> 0;
                            };

            fetch(store, shape);

            assertModel();
            assertThat(pauses).hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsToldAtOnceWithTheStoresWordsAndWhatToMend(Shape shape, int status)
            throws Exception {
        try (var store = store(shape)) {
            store.refusal = _ -> status;

            assertThatThrownBy(() -> fetch(store, shape))
                    .isInstanceOfSatisfying(
                            FetchFailure.class,
                            failure -> assertThat(failure.retryable()).isFalse())
                    .hasMessageContaining(shape.uri(store))
                    .hasMessageContaining("answered " + status)
                    .hasMessageContaining("The store's own words")
                    .satisfies(failure -> {
                        if (status != 404) {
                            assertThat(failure).hasMessageContaining(shape.mend());
                        }
                        assertThat(String.valueOf(failure.getMessage()))
                                .doesNotContain(Shapes.SECRET);
                    });
            assertThat(pauses).isEmpty();
        }
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> refusals() {
        return shapes().flatMap(shape ->
                Stream.of(403, 404)
                        .map(status ->
                                org.junit.jupiter.params.provider.Arguments.of(shape, status)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void credentialsDoNotFollowToAnotherHost(Shape shape) throws Exception {
        var other = new AtomicInteger();
        Shape plain = new Elsewhere();
        try (var elsewhere = new FakeStore(plain);
                var store = store(shape)) {
            elsewhere.files.putAll(store.files);
            store.trouble =
                    (_, call, content) -> {
                        other.incrementAndGet();
                        elsewhere.files.put("by-digest/" + FakeStore.md5(content), content);
                        call.redirect(elsewhere.url() + "/" + FakeStore.md5(content));
                        return true;
                    };

            fetch(store, shape);

            assertModel();
            assertThat(other).hasPositiveValue();
            assertThat(elsewhere.asked())
                    .isNotEmpty()
                    .noneMatch(request ->
                            request.has("Authorization")
                                    || request.uri().toString().contains(Shapes.SECRET));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void twoVersionsNeverMix(Shape shape) throws Exception {
        var next = bytes(150_000, 77);
        try (var store = store(shape)) {
            store.trouble =
                    (number, _, _) -> {
                        if (number == 2) {
                            store.files.put("models/iris/model.bin", next);
                        }
                        return false;
                    };
            try {
                fetch(store, shape);
                assertThat(Files.readAllBytes(target().resolve("model.bin")))
                        .satisfiesAnyOf(
                                bytes -> assertThat(bytes).isEqualTo(next),
                                bytes -> assertThat(bytes).isEqualTo(MODEL.get("model.bin")));
            } catch (IOException told) {
                assertThat(target().resolve("model.bin")).doesNotExist();
            }
        }
    }

    private static FakeStore store(Shape shape) throws IOException {
        var store = new FakeStore(shape);
        MODEL.forEach((path, content) -> store.files.put("models/iris/" + path, content));
        return store;
    }

    private Fetched fetch(FakeStore store, Shape shape) throws Exception {
        var order = FetchOrder.of(shape.uri(store), target()).with(access(store, shape));
        return new Storage(settings()).fetch(order, _ -> {});
    }

    private Access access(FakeStore store, Shape shape) throws IOException {
        var secret = Files.createDirectories(directory.resolve("secrets/let-in"));
        for (var entry : shape.secret().entrySet()) {
            var text =
                    entry.getValue()
                            .replace("{url}", store.url())
                            .replace("{host}", "127.0.0.1:" + store.port());
            Files.writeString(secret.resolve(entry.getKey()), text);
        }
        var environment = new HashMap<>(shape.environment(store));
        environment.put(FetchTerms.SECRETS, directory.resolve("secrets").toString());
        return Access.read(environment);
    }

    private StorageSettings settings() {
        var stall = Duration.ofSeconds(2);
        return StorageSettings.usual(AddressPolicy.ONE_MACHINE)
                .with(
                        new ClientSettings(
                                stall,
                                stall,
                                3,
                                AddressPolicy.ONE_MACHINE,
                                Proxies.NONE,
                                Authorities.usual()))
                .with(
                        new Retries(
                                4,
                                Duration.ofMillis(500),
                                Duration.ofSeconds(60),
                                pauses::add,
                                new Random(1)))
                .with(new TransferSettings(1, 64 << 10, stall, 64 << 20));
    }

    private Path target() {
        return directory.resolve("model");
    }

    private void assertModel() {
        MODEL.forEach(
                (path, content) -> assertThat(target().resolve(path)).hasBinaryContent(content));
    }

    private static byte[] bytes(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A host that keeps bytes by their sum, as content networks do. */
    private record Elsewhere() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return store.url();
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of();
        }

        @Override
        public Map<String, String> secret() {
            return Map.of();
        }

        @Override
        public String mend() {
            return "";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            var content = store.files.get("by-digest" + call.path());
            call.file(content == null ? new byte[0] : content, false);
        }
    }
}
