package dev.marea.core.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.marea.core.scale.ScaleSettings.Aggregation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    private final Window window = new Window(5, Aggregation.LINEAR);

    @Test
    void onlyTimeSinceTheFirstWriteCounts() {
        window.record(100, 10);
        assertThat(window.average(100)).isEqualTo(10);
        window.record(101, 20);
        assertThat(window.average(101)).isEqualTo(15);
    }

    @Test
    void writesOfOneSecondAreSummed() {
        window.record(100, 10);
        window.record(100, 5);
        assertThat(window.average(100)).isEqualTo(15);
    }

    @Test
    void aSecondWithoutAWriteInBetweenCountsAsZero() {
        window.record(100, 9);
        window.record(102, 9);
        assertThat(window.average(102)).isEqualTo(6);
    }

    @Test
    void aFullWindowForgetsItsOldestSecond() {
        for (int second = 0; second < 5; second++) {
            window.record(second, second); // 0 1 2 3 4
        }
        window.record(5, 10); // 1 2 3 4 10
        assertThat(window.average(5)).isEqualTo(4);
    }

    @Test
    void aRecentGapTakesExpiredSecondsAndTheirDivisorAway() {
        for (int second = 0; second < 5; second++) {
            window.record(second, second); // 0 1 2 3 4
        }
        assertThat(window.average(6)).as("2 3 4 are left").isEqualTo(3);
        assertThat(window.average(8)).as("4 is left").isEqualTo(4);
    }

    @Test
    void aGapAfterFewWritesDividesByThoseWrites() {
        window.record(100, 6);
        window.record(101, 6);
        assertThat(window.average(103)).as("both still count").isEqualTo(6);
    }

    @Test
    void aWholeWindowOfSilenceIsZeroAndTheNextWriteIsAFirstOne() {
        window.record(100, 50);
        assertThat(window.average(105)).isZero();
        assertThat(window.hasData(105)).isTrue();
        assertThat(window.hasData(106)).isFalse();
        window.record(106, 8);
        assertThat(window.average(106)).isEqualTo(8);
    }

    @Test
    void whatIsOlderThanTheWindowIsIgnoredAndWhatIsLateIsNot() {
        window.record(100, 10);
        window.record(95, 99);
        assertThat(window.average(100)).isEqualTo(10);
        window.record(98, 5);
        assertThat(window.average(100)).as("15 over 98..100").isEqualTo(5);
    }

    @Test
    void averagesHaveSixDigits() {
        window.record(0, 1);
        window.record(1, 0);
        window.record(2, 1);
        assertThat(window.average(2)).isEqualTo(0.666666);
    }

    @ParameterizedTest
    @CsvSource({"100, 0.2", "60, 0.2", "40, 0.20567", "6, 0.78456"})
    void theNewestWeightIsKnativesCoefficient(int buckets, double coefficient) {
        assertThat(Window.coefficient(buckets)).isCloseTo(coefficient, within(0.000005));
    }

    @Test
    void exponentialWeightsDecayFromTheNewestAndWithEverySilentSecond() {
        var weighted = new Window(60, Aggregation.WEIGHTED_EXPONENTIAL);
        weighted.record(100, 10);
        weighted.record(101, 20);
        assertThat(weighted.average(101)).isCloseTo(20 * 0.2 + 10 * 0.16, within(1e-9));
        assertThat(weighted.average(103)).isCloseTo((20 * 0.2 + 10 * 0.16) * 0.64, within(1e-9));
    }
}
