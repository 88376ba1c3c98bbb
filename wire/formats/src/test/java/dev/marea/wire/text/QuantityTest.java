package dev.marea.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "128974848, 128974848",
        "1Ki, 1024",
        "1.5Gi, 1610612736",
        "2G, 2000000000",
        "1e3, 1000",
        "1E3, 1000",
        "100m, 1",
        "1E, 1000000000000000000",
        "1e-9, 1",
        ".5Gi, 536870912",
        "9Ei, 9223372036854775807"
    })
    void readsWholeUnitsRoundedUp(String text, long units) {
        assertThat(Quantity.units(text)).hasValue(units);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000", "250m, 250", "0.1, 100", "1500u, 2"})
    void readsThousandths(String text, long milli) {
        assertThat(Quantity.milli(text)).hasValue(milli);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1Kb", "1 Gi", "Gi", "--1", "1ee3", "1e", "0x10", "1e1000"})
    void refusesWhatIsNone(String text) {
        assertThat(Quantity.units(text)).isEmpty();
    }
}
