package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * K03: writes that are refused, or done while their answer is lost. Every service is one seed: its
 * n-th write meets what the seed says. The property {@code marea.seeds} asks for more of them.
 */
class WriteFaultsTest {
    private static final int SEEDS = Integer.getInteger("marea.seeds", 40);
    private static final int AT_ONCE = 20;
    private static final double ODDS = 0.2;

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    /** A stream of chance for each service, so that one's luck does not hang on another's. */
    private static final class Luck implements Middlebox.Script {
        private final Map<String, Random> services = new ConcurrentHashMap<>();

        @Override
        public Move on(Call call) {
            if (!call.isWrite() || !call.name().startsWith("seed-")) {
                return Move.PASS;
            }
            var service = call.name().split("[-.]", 3)[1];
            var random = services.computeIfAbsent(service, s -> new Random(s.hashCode()));
            synchronized (random) {
                return random.nextDouble() < ODDS ? fault(random.nextInt(7)) : Move.PASS;
            }
        }

        private static Move fault(int which) {
            return switch (which) {
                case 0 -> Move.refuse(409, "Conflict", "the object has been modified");
                case 1 -> Move.refuse(422, "Invalid", "spec: Invalid value: on purpose");
                case 2 ->
                        Move.refuse(
                                429, "TooManyRequests", "slow down", Map.of("Retry-After", "1"));
                case 3 -> Move.refuse(500, "InternalError", "etcdserver: leader changed");
                case 4 -> Move.CUT;
                default -> Move.LOSE;
            };
        }
    }

    @Test
    void whateverBefallsWritesAllConvergesAndNothingIsThereTwice() throws Exception {
        troubled.wire.script(new Luck());
        for (int from = 0; from < SEEDS; from += AT_ONCE) {
            var names =
                    IntStream.range(from, Math.min(SEEDS, from + AT_ONCE))
                            .mapToObj(seed -> "seed-" + seed)
                            .toList();
            for (var name : names) {
                troubled.apply(name, "m1");
            }
            for (var name : names) {
                troubled.await(name + " is ready", () -> troubled.settled(name));
                troubled.patch(
                        name,
                        "spec: {predictor: {canaryTrafficPercent: 10, model: {storageUri: 'file:///models/m2'}}}");
            }
            for (var name : names) {
                troubled.await(
                        name + " is split",
                        () ->
                                troubled.traffic(name).equals("{1=90, 2=10}")
                                        && troubled.settled(name));
                assertThat(troubled.owned(name))
                        .isEqualTo(
                                List.of(
                                        "ControllerRevision " + name + "-predictor-00001",
                                        "ControllerRevision " + name + "-predictor-00002",
                                        "Deployment " + name + "-predictor-00001",
                                        "Deployment " + name + "-predictor-00002",
                                        "Service " + name + "-predictor",
                                        "Service " + name + "-predictor-00001",
                                        "Service " + name + "-predictor-00002"));
            }
        }
    }

    @Test
    void whoIsToldToWaitWaits() throws Exception {
        var toldAt = new AtomicLong();
        var again = new AtomicLong();
        troubled.wire.script(call -> {
            if (!call.method().equals("POST") || !call.plural().equals("deployments")) {
                return Move.PASS;
            }
            if (toldAt.compareAndSet(0, System.nanoTime())) {
                return Move.refuse(429, "TooManyRequests", "slow down", Map.of("Retry-After", "2"));
            }
            again.compareAndSet(0, System.nanoTime());
            return Move.PASS;
        });
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
        assertThat(again.get() - toldAt.get()).isGreaterThan(1_900_000_000L);
    }
}
