package dev.marea.server.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.runtime.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CostsTest {
    private static final Optional<Method> OWN = Optional.empty();
    private static final long CHEAP = 5_000;

    private final Costs costs = new Costs();

    private void runs(int times, int rows, long nanos) {
        for (int i = 0; i < times; i++) {
            costs.record(OWN, rows, nanos);
        }
    }

    @Test
    void nothingIsCheapBeforeItIsProven() {
        assertThat(costs.areCheap(OWN, 1)).isFalse();

        runs(Costs.PROOF - 1, 1, CHEAP);
        assertThat(costs.areCheap(OWN, 1)).isFalse();

        runs(1, 1, CHEAP);
        assertThat(costs.areCheap(OWN, 1)).isTrue();
    }

    @Test
    void slowFirstCallsAreForgotten() {
        runs(3, 1, 900_000);
        runs(Costs.PROOF, 1, CHEAP);

        assertThat(costs.areCheap(OWN, 1)).isTrue();
    }

    @Test
    void aSlowModelIsNeverCheap() {
        runs(10_000, 1, Costs.CHEAP_NANOS_MAX + 1_000);

        assertThat(costs.areCheap(OWN, 1)).isFalse();
    }

    @Test
    void provenForAFewRowsIsNotProvenForMore() {
        runs(Costs.PROOF, 2, CHEAP);

        assertThat(costs.areCheap(OWN, 3)).isTrue();
        assertThat(costs.areCheap(OWN, 1)).isFalse();
        assertThat(costs.areCheap(OWN, 4)).isFalse();
    }

    @Test
    void manyRowsAreNeverCheap() {
        runs(Costs.PROOF, 128, 1);
        runs(Costs.PROOF, Integer.MAX_VALUE, 1);

        assertThat(costs.areCheap(OWN, 128)).isFalse();
        assertThat(costs.areCheap(OWN, Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void eachMethodIsProvenByItself() {
        runs(Costs.PROOF, 1, CHEAP);

        assertThat(costs.areCheap(Optional.of(Method.EXPLAIN), 1)).isFalse();
    }

    @Test
    void oneSurpriseIsForgivenAndTwoAreNot() {
        runs(Costs.PROOF, 1, CHEAP);

        costs.record(OWN, 1, 2_000_000);
        assertThat(costs.areCheap(OWN, 1)).isTrue();

        costs.record(OWN, 1, 2_000_000);
        costs.record(OWN, 1, 2_000_000);
        assertThat(costs.areCheap(OWN, 1)).isFalse();
    }

    @Test
    void anOutrageEndsTheTrustAndEachCostsTwiceTheProof() {
        int proof = Costs.PROOF;
        runs(proof, 1, CHEAP);
        for (int i = 0; i < 3; i++) {
            costs.record(OWN, 1, Costs.OUTRAGE_NANOS + 1);

            runs(proof - 1, 1, CHEAP);
            assertThat(costs.areCheap(OWN, 1)).isFalse();
            runs(1, 1, CHEAP);
            assertThat(costs.areCheap(OWN, 1)).isTrue();
            proof *= 2;
        }
    }
}
