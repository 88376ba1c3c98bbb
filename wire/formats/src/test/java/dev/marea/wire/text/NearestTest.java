package dev.marea.wire.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> FIELDS =
            List.of("replicas", "selector", "template", "storageUri", "minReplicas", "env");

    @ParameterizedTest
    @CsvSource({
        "replica, replicas",
        "relpicas, replicas",
        "REPLICAS, replicas",
        "storageURI, storageUri",
        "minReplcas, minReplicas",
        "evn, env",
        "tmplate, template"
    })
    void finds(String typed, String meant) {
        assertThat(Nearest.of(typed, FIELDS)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"foo", "strategy", "x"})
    void saysNothingRatherThanGuess(String typed) {
        assertThat(Nearest.of(typed, FIELDS)).isEmpty();
    }

    @Test
    void tiesGoToTheCloserCaseAndThenTheAlphabet() {
        assertThat(Nearest.of("Uri", List.of("uri", "URI"))).contains("uri");
        assertThat(Nearest.of("aX", List.of("aC", "aB"))).contains("aB");
        assertThat(Nearest.of("aX", List.of("aB", "aC"))).contains("aB");
    }

    @Test
    void aHugeWordIsRefusedWithoutWork() {
        assertThat(Nearest.of("a".repeat(100_000), List.of("a".repeat(100_000)))).isEmpty();
        assertThat(Nearest.hint("replica", FIELDS)).isEqualTo(", did you mean \"replicas\"?");
    }
}
