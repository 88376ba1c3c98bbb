package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.operator.PretendGateway;
import dev.marea.check.operator.SmallPlatform;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * F09 and the takeover: two operators in processes of their own, each with a middlebox that sees
 * what it writes. On our own API, or with {@code marea.kubeconfig} on a cluster.
 */
class LeadersClusterE2E {
    /** Longer than a Lease lasts. */
    private static final Duration STOPPED = Duration.ofSeconds(30);

    private Troubled troubled;
    private Middlebox firstWire;
    private Middlebox secondWire;
    private OperatorProcess first;
    private OperatorProcess second;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.platform.stopOperator();
        PretendGateway.stand(troubled.api);
        firstWire = Middlebox.before(troubled.api.kubeconfig());
        secondWire = Middlebox.before(troubled.api.kubeconfig());
        first = start(firstWire, "operator-0");
        within(Duration.ofSeconds(60), "the first one leads", () -> first.leads());
        second = start(secondWire, "operator-1");
        troubled.apply("iris", "m1");
        within(Duration.ofSeconds(30), "ready", () -> troubled.settled("iris"));
        within(
                Duration.ofSeconds(60),
                "the second one follows",
                () -> secondWire.watching("inferenceservices") > 0);
    }

    @AfterEach
    void stop() {
        for (AutoCloseable each : List.of(first, second, firstWire, secondWire, troubled)) {
            try {
                each.close();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        }
    }

    private OperatorProcess start(Middlebox wire, String pod) {
        return OperatorProcess.start(wire.kubeconfig(), troubled.api.namespace(), pod);
    }

    private void within(Duration deadline, String what, BooleanSupplier holds) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within %s: %s%nfirst: %s%nsecond: %s"
                                .formatted(
                                        deadline,
                                        what,
                                        first == null ? "" : first.words(),
                                        second == null ? "" : second.words()));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private static List<Call> withoutTheLease(List<Call> calls) {
        return calls.stream().filter(call -> !call.plural().equals("leases")).toList();
    }

    private static boolean isQuiet(Middlebox wire) {
        int written = withoutTheLease(wire.written()).size();
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
        return withoutTheLease(wire.written()).size() == written;
    }

    @Test
    void whoWasStoppedAndWokenWritesNothingMore() throws Exception {
        assertThat(withoutTheLease(secondWire.written())).as("a follower's writes").isEmpty();
        troubled.apply("iris", "slow"); // leaves the first one with work to do
        // A request that passed the fence and is on its way when the process stops goes out once
        // it is woken; of that nobody can take it back, so it is not stopped in the middle of one.
        within(
                Duration.ofSeconds(30),
                "all that can be made is made",
                () -> troubled.owned("iris").size() > 6 && isQuiet(firstWire));
        first.signal("STOP");
        long stopped = System.nanoTime();
        within(Duration.ofSeconds(20), "the second one leads", () -> second.leads());
        troubled.apply("iris", "m3");
        within(Duration.ofSeconds(30), "by the second", () -> troubled.settled("iris"));
        within(
                STOPPED.plusSeconds(1),
                "the time passes",
                () -> System.nanoTime() - stopped > STOPPED.toNanos());

        firstWire.forget();
        troubled.apply("iris", "m4");
        first.signal("CONT");
        within(Duration.ofSeconds(20), "it ends by itself", () -> !first.isAlive());
        within(Duration.ofSeconds(30), "by the second", () -> troubled.settled("iris"));
        assertThat(firstWire.written()).as("writes of the one that was stopped").isEmpty();
        assertThat(first.words()).contains("lost: ");
    }

    @Test
    void aDeadLeaderIsFollowedWithinItsLeaseAndOneThatLeavesAtOnce() throws Exception {
        first.signal("KILL");
        within(Duration.ofSeconds(20), "the second one leads", () -> second.leads());
        troubled.apply("iris", "m2");
        within(Duration.ofSeconds(30), "by the second", () -> troubled.settled("iris"));

        first.close();
        first = start(firstWire, "operator-2");
        firstWire.forget();
        within(
                Duration.ofSeconds(60),
                "a third one follows",
                () -> firstWire.watching("inferenceservices") > 0);
        second.signal("TERM");
        within(Duration.ofSeconds(30), "the second one is gone", () -> !second.isAlive());
        // Well before the Lease of the one that left would have ended by itself.
        within(Duration.ofSeconds(8), "the third one leads", () -> first.leads());
        SmallPlatform.awaitNow("still ready", () -> troubled.settled("iris"));
    }
}
