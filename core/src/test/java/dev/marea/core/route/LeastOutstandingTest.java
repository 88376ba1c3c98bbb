package dev.marea.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeastOutstandingTest {
    private final Random random = new Random(11);

    private record Fleet(int[] loads, boolean[] barred) implements LeastOutstanding.Replicas {
        static Fleet of(int... loads) {
            return new Fleet(loads, new boolean[loads.length]);
        }

        @Override
        public int count() {
            return loads.length;
        }

        @Override
        public int outstanding(int replica) {
            return loads[replica];
        }

        @Override
        public boolean usable(int replica) {
            return !barred[replica];
        }
    }

    @Test
    void ofFewTheLeastLoadedIsTaken() {
        for (int i = 0; i < 100; i++) {
            assertThat(pick(Fleet.of(3, 1, 2), 0)).isEqualTo(1);
        }
    }

    @Test
    void equalsTakeTurns() {
        var seen = new boolean[3];
        for (int i = 0; i < 100; i++) {
            seen[pick(Fleet.of(0, 0, 0), 0)] = true;
        }
        assertThat(seen).containsOnly(true);
    }

    @Test
    void theLimitIsHardAndZeroMeansNone() {
        assertThat(pick(Fleet.of(2, 2), 2)).isEqualTo(LeastOutstanding.NONE);
        assertThat(pick(Fleet.of(2, 1), 2)).isEqualTo(1);
        assertThat(pick(Fleet.of(1000), 0)).isZero();
    }

    @Test
    void aBarredReplicaIsNeverTaken() {
        var fleet = Fleet.of(0, 9);
        fleet.barred()[0] = true;
        assertThat(pick(fleet, 0)).isEqualTo(1);
        fleet.barred()[1] = true;
        assertThat(pick(fleet, 0)).isEqualTo(LeastOutstanding.NONE);
    }

    @Test
    void withoutReplicasThereIsNone() {
        assertThat(pick(Fleet.of(), 0)).isEqualTo(LeastOutstanding.NONE);
    }

    @Test
    void ofManyTheOnlyFreeOneIsFound() {
        var loads = new int[100];
        Arrays.fill(loads, 1);
        loads[42] = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(pick(Fleet.of(loads), 1)).isEqualTo(42);
        }
    }

    @Test
    void twoChoicesKeepManyReplicasNearlyEven() {
        var fleet = Fleet.of(new int[100]);
        for (int i = 0; i < 10_000; i++) {
            fleet.loads()[pick(fleet, 0)]++;
        }
        assertThat(Arrays.stream(fleet.loads()).max().orElseThrow()).as("seed 11").isLessThan(106);
    }

    private int pick(Fleet fleet, int limit) {
        return LeastOutstanding.pick(fleet, limit, random.nextLong());
    }
}
