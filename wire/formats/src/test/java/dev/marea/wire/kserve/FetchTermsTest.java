package dev.marea.wire.kserve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTermsTest {
    @Test
    void whatObjectsSayArrivesAsItWasSaid() {
        var told =
                new FetchTerms.Told(
                        Map.of("minio", Map.of("serving.kserve.io/s3-endpoint", "minio:9000")),
                        Map.of("serving.kserve.io/s3-region", "eu"));
        assertThat(FetchTerms.Told.read(told.write())).isEqualTo(told);
        assertThat(told.nothing()).isFalse();
        assertThat(new FetchTerms.Told(Map.of("quiet", Map.of()), Map.of()).nothing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"secrets\":7,\"account\":[]}"})
    void nonsenseSaysNothing(String text) {
        assertThat(FetchTerms.Told.read(text)).isEqualTo(FetchTerms.Told.NOTHING);
        assertThat(FetchProgress.read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 100, 0", "999, 1000, 99", "1000, 1000, 100", "0, 0, 100", "5, -1, -1"})
    void aHundredPercentIsSaidWhenAllIsThere(long bytes, long total, int percent) {
        var progress = new FetchProgress(bytes, total, 1, 2, 3, 4);
        assertThat(progress.percent().orElse(-1)).isEqualTo(percent);
        assertThat(FetchProgress.read(progress.write())).isEqualTo(Optional.of(progress));
    }

    @Test
    void pinsGoFromAMessageIntoAFileAndBack() {
        var pins =
                Map.of("hf://o/m", "hf://o/m:0a1b", "https://h/a?b=c", "https://h/a?b=c#etag=x y");
        var message = "fetched 2 files\n" + Pins.message(pins) + "\n";
        assertThat(Pins.ofMessage(message)).isEqualTo(pins);
        assertThat(Pins.read(Pins.file(pins))).isEqualTo(pins);
        assertThat(Pins.ofMessage("no pins here -> at all")).isEmpty();
    }
}
