package dev.marea.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.scale.RevisionScaler.Observed;
import dev.marea.core.spec.ServiceId;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RevisionScalerTest {
    private static final ServiceId IRIS = new ServiceId("default", "iris");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** A revision whose replicas start after a while, a clock, and a gateway that reports. */
    private static final class World {
        final RevisionScaler scaler;
        Instant now = NOON;
        int asked;
        int ready;
        boolean reachable = true;
        Decision last = new Decision.Keep(0, "");

        World(Settings settings, int replicas) {
            scaler = new RevisionScaler(settings.value());
            asked = replicas;
            ready = replicas;
        }

        boolean report(double concurrency, double requests, int waiting) {
            return report("gw-1", concurrency, requests, waiting);
        }

        boolean report(String gateway, double concurrency, double requests, int waiting) {
            return scaler.record(
                    gateway, new RevisionLoad(IRIS, "r1", concurrency, requests, waiting), now);
        }

        Decision decide() {
            last = scaler.decide(new Observed(asked, ready, reachable), now);
            asked = last.replicas();
            return last;
        }

        /** Lets time pass with this load; decides every other second; replicas follow at once. */
        World seconds(int seconds, double concurrency) {
            for (int i = 0; i < seconds; i++) {
                now = now.plusSeconds(1);
                report(concurrency, concurrency, 0);
                if (now.getEpochSecond() % 2 == 0) {
                    decide();
                    ready = asked;
                }
            }
            return this;
        }
    }

    @Test
    void aBurstAtZeroWakesExactlyOneAndTheFirstReplicaEndsItWithoutAHerd() {
        var world = new World(Settings.defaults(), 0);
        world.scaler.recordIdle("gw-1", world.now);
        assertThat(world.decide()).isInstanceOf(Decision.Keep.class);

        assertThat(world.report(100, 100, 100)).as("decide at once").isTrue();
        assertThat(world.decide()).isInstanceOf(Decision.Wake.class);
        assertThat(world.asked).isEqualTo(1);
        assertThat(world.last.why()).isEqualTo("100 requests wait and no replica runs");

        for (int second = 0; second < 5; second++) { // it starts slowly
            world.now = world.now.plusSeconds(1);
            world.report(100, 0, 100);
            assertThat(world.decide().replicas()).isEqualTo(1);
        }
        world.ready = 1;
        world.now = world.now.plusMillis(300);
        world.decide();
        world.report(60, 0, 0); // its second was mostly waiting
        assertThat(world.seconds(20, 0).asked).isEqualTo(1);
    }

    @Test
    void onceTheFirstReplicaIsThereASmallTargetOrdersMore() {
        var world = new World(Settings.defaults().target(1, 1), 0);
        world.decide();
        world.report(10, 10, 10);
        assertThat(world.decide().replicas()).isEqualTo(1);
        world.ready = 1;
        world.decide();
        assertThat(world.seconds(6, 10).asked).isEqualTo(10);
    }

    @Test
    void aQuietServiceSleepsAfterItsStableWindowAndNotBefore() {
        var world = new World(Settings.defaults(), 1);
        world.seconds(30, 5);
        assertThat(world.seconds(58, 0).asked).isEqualTo(1);
        world.seconds(8, 0);
        assertThat(world.asked).isZero();
        assertThat(world.last.why()).isEqualTo("asleep: no request waits");
    }

    @Test
    void theLastReplicaStaysForItsRetention() {
        var world = new World(Settings.defaults().retention(120), 1);
        world.seconds(10, 5);
        assertThat(world.seconds(175, 0).asked).isEqualTo(1);
        assertThat(world.seconds(12, 0).asked).isZero();
    }

    @Test
    void aRequestAtTheLastMomentKeepsTheLastReplica() {
        var world = new World(Settings.defaults(), 1);
        world.seconds(10, 5);
        world.seconds(58, 0);
        for (int second = 0; second < 10; second++) {
            world.now = world.now.plusSeconds(1);
            world.report(0.001, 1, 0);
            assertThat(world.decide().replicas()).isEqualTo(1);
        }
    }

    @Test
    void theMinimumHoldsWithoutLoadAndWakesASleeper() {
        assertThat(new World(Settings.defaults().bounds(2, 4), 2).seconds(300, 0).asked)
                .isEqualTo(2);
        var asleep = new World(Settings.defaults().bounds(2, 4), 0);
        assertThat(asleep.decide()).isEqualTo(new Decision.Wake(2, "at least 2 must run"));
    }

    @Test
    void aRevisionWithoutTrafficMayGoBelowItsMinimum() {
        var world = new World(Settings.defaults().bounds(2, 4), 2);
        world.reachable = false;
        assertThat(world.seconds(130, 0).asked).isZero();
    }

    @Test
    void theMaximumHoldsUnderAnyLoad() {
        var world = new World(Settings.defaults().target(1, 1).bounds(0, 8), 1);
        world.seconds(10, 500);
        assertThat(world.asked).isEqualTo(8);
        assertThat(world.last.why()).endsWith("at most 8 may run");
    }

    @Test
    void aBurstBringsPanicThatOnlyRisesUntilAStableWindowLater() {
        var world = new World(Settings.defaults().target(10, 10), 1);
        world.seconds(20, 5);
        world.seconds(6, 100);
        assertThat(world.asked).isEqualTo(10);
        world.seconds(50, 5);
        assertThat(world.asked).isEqualTo(10);
        world.seconds(30, 5);
        assertThat(world.asked).isEqualTo(1);
    }

    @Test
    void requestsASecondCountWhereTheyAreTheMetric() {
        var world = new World(Settings.defaults().rps(70), 1);
        for (int second = 0; second < 60; second++) {
            world.now = world.now.plusSeconds(1);
            world.report(0.5, 210, 0);
            world.decide();
            world.ready = world.asked;
        }
        assertThat(world.asked).isEqualTo(3);
    }

    @Test
    void loadsOfSeveralGatewaysAreSummedAndASilentOnesShareExpires() {
        var world = new World(Settings.defaults().target(10, 10).bounds(1, 0), 1);
        for (int second = 0; second < 70; second++) {
            world.now = world.now.plusSeconds(1);
            world.report("gw-1", 15, 15, 0);
            world.report("gw-2", 14, 14, 0);
            world.decide();
            world.ready = world.asked;
        }
        assertThat(world.asked).isEqualTo(3);
        world.seconds(140, 15); // gw-2 is dead
        assertThat(world.asked).isEqualTo(2);
    }

    @Test
    void severalReportsInOneSecondAreOneSecondsLoad() {
        var world = new World(Settings.defaults().target(10, 10), 1);
        for (int second = 0; second < 20; second++) {
            world.now = world.now.plusSeconds(1);
            for (int i = 0; i < 10; i++) {
                world.report(9, 1, 0);
            }
            assertThat(world.decide().replicas()).isEqualTo(1);
        }
    }

    @Test
    void withoutAnyWordFromAGatewayNothingChanges() {
        var world = new World(Settings.defaults(), 3);
        for (int second = 0; second < 300; second++) {
            world.now = world.now.plusSeconds(1);
            assertThat(world.decide()).isInstanceOf(Decision.Keep.class);
        }
        assertThat(world.asked).isEqualTo(3);
        assertThat(world.last.why()).startsWith("no gateway has reported");
    }

    @Test
    void aRevisionThatNeverStartsAndThatNobodyWantsSleepsAfterItsDeadline() {
        var world = new World(Settings.defaults(), 1);
        world.ready = 0;
        for (int second = 0; second <= 630; second++) {
            assertThat(world.decide().replicas()).isEqualTo(1);
            world.now = world.now.plusSeconds(1);
            world.scaler.recordIdle("gw-1", world.now);
        }
        assertThat(world.decide())
                .isEqualTo(new Decision.Sleep("no replica became ready within 630s"));
    }

    @Test
    void anInitialScaleIsReachedOnceBeforeFewerAreAllowed() {
        var world = new World(Settings.defaults().initialScale(2), 1);
        assertThat(world.seconds(2, 1).asked).isEqualTo(2);
        assertThat(world.seconds(10, 1).asked).isEqualTo(1);
    }

    /** A thousand afternoons of chance; the seed is in the message. */
    @Test
    void neverLeavesItsBoundsNeverSleepsOnWorkAndAlwaysSaysWhy() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var world =
                    new World(Settings.defaults().target(4, 4).bounds(0, 10), random.nextInt(4));
            double load = 0;
            for (int second = 0; second < 400; second++) {
                world.now = world.now.plusMillis(500 + random.nextInt(1000));
                if (random.nextInt(10) == 0) {
                    load = random.nextBoolean() ? 0 : random.nextInt(80);
                }
                world.report(load, load, world.ready == 0 ? (int) load : 0);
                var decision = world.decide();
                assertThat(decision.replicas()).as("seed %d, %s", seed, decision).isBetween(0, 10);
                assertThat(load > 0 && decision.replicas() == 0)
                        .as("seed %d sleeps on work: %s", seed, decision)
                        .isFalse();
                assertThat(decision.why()).isNotEmpty();
                world.ready =
                        random.nextInt(3) > 0 ? world.asked : Math.min(world.ready, world.asked);
            }
        }
    }
}
