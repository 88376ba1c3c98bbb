package dev.marea.kubernetes.expose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.objects.GatewayDoors;
import dev.marea.kubernetes.objects.GatewayDoors.Door;
import dev.marea.kubernetes.objects.PredictorService;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewaySlicesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Api api = new Api();
    private final GatewaySlices slices = new GatewaySlices(api);

    @AfterEach
    void close() {
        slices.close();
    }

    @Test
    void aServiceIsPointedAtTheGatewaysThatAreThere() throws IOException {
        slices.point(doors("10.0.0.1", "fd00::1"));
        slices.keep(service("iris"), "uid");

        assertThat(api.addresses("iris", "ipv4")).containsExactly("10.0.0.1");
        assertThat(api.addresses("iris", "ipv6")).containsExactly("fd00::1");
    }

    @Test
    void whatStandsIsNotWrittenAgain() throws IOException {
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");
        slices.keep(service("iris"), "uid");
        slices.point(doors("10.0.0.1"));
        assertThat(api.writes).hasValue(1);
    }

    @Test
    void whatAnOperatorBeforeUsHasWrittenStands() throws IOException {
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");

        var after = new GatewaySlices(api);
        after.point(doors("10.0.0.1"));
        after.keep(service("iris"), "uid");
        assertThat(api.writes).hasValue(1);
        after.close();
    }

    @Test
    void aGatewayThatGoesLeavesTheSlicesOfAllServices() throws IOException {
        slices.start();
        slices.point(doors("10.0.0.1", "10.0.0.2"));
        for (int i = 0; i < 300; i++) {
            slices.keep(service("s" + i), "uid");
        }
        slices.point(doors("10.0.0.2"));
        await(() -> api.allAre("10.0.0.2"));
        assertThat(api.writes).hasValue(600);
        assertThat(api.mostAtOnce).hasValueLessThanOrEqualTo(16);
    }

    @Test
    void theLastGatewayLeavesAnEmptySlice() throws IOException {
        slices.start();
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");
        slices.point(GatewayDoors.NONE);
        await(() -> api.addresses("iris", "ipv4").isEmpty());
    }

    @Test
    void aSliceThatSomebodyDeletesComesBack() throws IOException {
        slices.start();
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");
        api.delete("iris-predictor-gateway-ipv4");
        await(() -> api.addresses("iris", "ipv4").equals(List.of("10.0.0.1")));
    }

    @Test
    void aWriteThatFailsIsTriedAgain() throws IOException {
        slices.start();
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");
        api.failures.set(2);
        slices.point(doors("10.0.0.2"));
        await(() -> api.allAre("10.0.0.2"));
    }

    @Test
    void aServiceThatIsGoneIsLeftAlone() throws IOException {
        slices.start();
        slices.point(doors("10.0.0.1"));
        slices.keep(service("iris"), "uid");
        slices.keep(service("rose"), "uid");
        slices.drop(new ServiceId("demo", "iris"));
        slices.point(doors("10.0.0.2"));
        await(() -> api.addresses("rose", "ipv4").equals(List.of("10.0.0.2")));
        assertThat(api.addresses("iris", "ipv4")).containsExactly("10.0.0.1");
    }

    private static PredictorService service(String name) {
        var subject = new Subject("demo", name, "uid-" + name, Map.of(), Map.of());
        return new PredictorService(subject, false, false);
    }

    private static GatewayDoors doors(String... addresses) {
        return new GatewayDoors(
                Arrays.stream(addresses)
                        .map(a ->
                                new Door(
                                        a.contains(":") ? "IPv6" : "IPv4",
                                        a,
                                        8080,
                                        Optional.empty(),
                                        Optional.empty()))
                        .toList());
    }

    private static void await(BooleanSupplier so) {
        var until = System.nanoTime() + DEADLINE.toNanos();
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(until);
            Thread.onSpinWait();
        }
    }

    /** Keeps what was applied and tells of it, as an informer does. */
    private final class Api implements GatewaySlices.Slices {
        private final Map<String, Json.Obj> stored = new ConcurrentHashMap<>();
        private final AtomicInteger writes = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();

        @Override
        public Optional<Json.Obj> live(String namespace, String name) {
            return Optional.ofNullable(stored.get(name));
        }

        @Override
        public void apply(String namespace, Json.Obj wanted) throws IOException {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    throw new IOException("the API is away");
                }
                writes.incrementAndGet();
                var name = wanted.text("metadata", "name").orElseThrow();
                stored.put(name, wanted);
                slices.seen(namespace, name);
            } finally {
                atOnce.decrementAndGet();
            }
        }

        void delete(String name) {
            stored.remove(name);
            slices.seen("demo", name);
        }

        List<String> addresses(String service, String family) {
            var slice = stored.get(service + "-predictor-gateway-" + family);
            return slice == null ? List.of() : addresses(slice);
        }

        boolean allAre(String address) {
            return stored.values().stream().allMatch(s -> addresses(s).equals(List.of(address)));
        }

        private static List<String> addresses(Json.Obj slice) {
            return slice.list("endpoints").stream()
                    .flatMap(e -> e.list("addresses").stream())
                    .map(a -> ((Json.Str) a).value())
                    .toList();
        }
    }
}
