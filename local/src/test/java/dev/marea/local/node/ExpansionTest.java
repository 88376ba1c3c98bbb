package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpansionTest {
    @ParameterizedTest
    @CsvSource({
        "$(A), 1", "x$(A)y$(B), x1y2", "$$(A), $(A)", "$$$(A), $1", "$(UNKNOWN), $(UNKNOWN)",
        "$A, $A", "$(A, $(A", "$, $", "$$, $", "a$(), a$()"
    })
    void expandsAsKubernetesDoes(String written, String expanded) {
        assertThat(Expansion.expand(written, Map.of("A", "1", "B", "2"))).isEqualTo(expanded);
    }
}
