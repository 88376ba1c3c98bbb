package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @Test
    void restartsAtOnceThenDoublesToFiveMinutesAndForgivesAfterTen() {
        var backoff = new Backoff();
        for (long seconds : new long[] {0, 10, 20, 40, 80, 160, 300, 300}) {
            assertThat(backoff.pause(NOON, NOON.plusSeconds(1)))
                    .isEqualTo(Duration.ofSeconds(seconds));
        }
        assertThat(backoff.pause(NOON, NOON.plusSeconds(600))).isZero();
    }
}
