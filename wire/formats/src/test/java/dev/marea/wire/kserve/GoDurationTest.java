package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "60s, 60000",
        "1m30s, 90000",
        "1.5h, 5400000",
        "500ms, 500",
        "0, 0",
        "0s, 0",
        "1h0m1s, 3601000"
    })
    void reads(String text, long millis) {
        assertThat(GoDuration.parse(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "60",
                "s",
                "1 m",
                "-5s",
                "1d",
                "1m30",
                "9999999999s",
                "999999999h999999999h",
                "PT1M"
            })
    void refuses(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }
}
