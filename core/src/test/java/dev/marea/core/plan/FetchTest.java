package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchTest {
    @ParameterizedTest
    @CsvSource({"0, 100, 0", "999999, 1000000, 99", "1000, 1000, 99", "5, -1, -1", "-1, 100, -1"})
    void aHundredPercentIsForWhatIsOver(long bytes, long total, int percent) {
        var fetch = new Fetch(false, bytes, total, -1, -1, 0, Map.of());
        assertThat(fetch.percent().orElse(-1)).isEqualTo(percent);
        assertThat(Fetch.untold(true, Map.of()).percent()).hasValue(100);
    }

    @Test
    void whoWaitsIsToldHowFarItIs() {
        var fetch = new Fetch(false, 3L << 29, 3L << 30, 80 << 20, 19, 1 << 20, Map.of());
        assertThat(Word.starting(revision(fetch, 0)))
                .isEqualTo(
                        "revision r1 is fetching its model: 50 % of 3.0 GiB, 80.0 MiB/s, 19 s left, resumed from 1.0 MiB");
        assertThat(Word.starting(revision(Fetch.untold(false, Map.of()), 0)))
                .isEqualTo("revision r1 is fetching its model");
        assertThat(Word.starting(revision(Fetch.untold(true, Map.of()), 0)))
                .isEqualTo("revision r1 is starting: 0 of 2 replicas ready");
        assertThat(Word.starting(revision(fetch, 1)))
                .as("one more replica fetches")
                .isEqualTo("revision r1 is starting: 1 of 2 replicas ready");
    }

    private static Revision revision(Fetch fetch, int ready) {
        return new Revision(
                "r1",
                1,
                "hash",
                false,
                Optional.of(new Revision.Replicas(2, 2, ready)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(fetch));
    }
}
