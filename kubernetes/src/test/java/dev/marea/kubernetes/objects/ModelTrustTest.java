package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTrustTest {
    @ParameterizedTest(name = "administrator {0}, tenant {1}: {2} by {3}")
    @CsvSource({
        "off, off, off, theirs",
        "off, require, require, theirs",
        "warn, off, warn, ours",
        "warn, require, require, ours",
        "require, off, require, ours",
        "require, warn, require, ours"
    })
    void aTenantMayAskForMoreAndNotForOtherSigners(
            String administrators, String tenants, String policy, String signers) {
        var both = new ModelTrust(administrators, "ours").and(new ModelTrust(tenants, "theirs"));
        assertThat(both).isEqualTo(new ModelTrust(policy, signers));
    }

    @Test
    void aWordThatMeansNothingIsNoLeave() {
        assertThat(ModelTrust.of(Map.of("marea.dev/model-signatures", "on")).policy())
                .isEqualTo("require");
        assertThat(ModelTrust.of(Map.of())).isEqualTo(ModelTrust.OFF);
    }
}
