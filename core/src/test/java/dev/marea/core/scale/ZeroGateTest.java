package dev.marea.core.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.scale.ZeroGate.Phase;
import dev.marea.core.scale.ZeroGate.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Knative's scaler cases: a stable window of 300 s, a grace of 60 s; -1 means nothing is applied.
 */
class ZeroGateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private final ScaleSettings settings = Settings.defaults().windows(300, 60).value();

    @ParameterizedTest(name = "{0} for {1}s, proxied {2}s, retention {3}s -> {4}")
    @CsvSource({
        "ACTIVE, 1, 0, 0, 1",
        "ACTIVE, 300, 0, 0, -1", // marked idle, the replica stays
        "INACTIVE, 60, 0, 0, 0",
        "INACTIVE, 59, 0, 0, -1",
        "INACTIVE, 1, 60, 0, 0", // long enough in the path
        "INACTIVE, 60, 60, 120, -1", // the retention is longer
        "INACTIVE, 120, 60, 120, 0",
        "ACTIVATING, 630, 0, 0, -1",
        "ACTIVATING, 631, 0, 0, 0"
    })
    void theLastReplicaLeavesAsInKnative(
            Phase phase, int spell, int proxied, int retention, int applied) {
        var gate = new ZeroGate(phase, NOW.minusSeconds(spell));
        var with = new Settings(settings).retention(retention).value();
        assertThat(applied(gate.pass(0, with, true, Duration.ofSeconds(proxied), NOW)))
                .isEqualTo(applied);
    }

    @Test
    void retentionIsForReachableRevisionsOnly() {
        var gate = new ZeroGate(Phase.INACTIVE, NOW.minusSeconds(60));
        var with = new Settings(settings).retention(600).value();
        assertThat(applied(gate.pass(0, with, false, Duration.ZERO, NOW))).isZero();
    }

    @Test
    void withoutScaleToZeroOneStays() {
        var gate = new ZeroGate(Phase.INACTIVE, NOW.minusSeconds(600));
        var with = new Settings(settings).neverZero().value();
        assertThat(applied(gate.pass(0, with, true, Duration.ZERO, NOW))).isEqualTo(1);
    }

    @Test
    void whatIsWantedAboveZeroPasses() {
        var gate = new ZeroGate(Phase.ACTIVE, NOW);
        assertThat(applied(gate.pass(7, settings, true, Duration.ZERO, NOW))).isEqualTo(7);
    }

    @Test
    void anIdleSpellEndsWithLoadAndBeginsAnew() {
        var gate = new ZeroGate(Phase.ACTIVE, NOW);
        gate.note(0, 1, NOW.plusSeconds(1));
        assertThat(gate.phase()).isEqualTo(Phase.INACTIVE);
        gate.note(1, 1, NOW.plusSeconds(2));
        assertThat(gate.phase()).isEqualTo(Phase.ACTIVE);
        assertThat(applied(gate.pass(0, settings, true, Duration.ZERO, NOW.plusSeconds(301))))
                .isEqualTo(1);
    }

    private static int applied(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Apply(int replicas, _) -> replicas;
            case Verdict.Hold _ -> -1;
        };
    }
}
