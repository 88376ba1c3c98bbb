package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F10: the machine's clock jumps. */
class ClockTest {
    private static final String R1 = "iris-predictor-00001";

    /** The machine's, and somebody's hand on it. */
    private static final class Jumping implements InstantSource {
        private volatile Duration off = Duration.ZERO;

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(off);
        }
    }

    private final Jumping clock = new Jumping();
    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled(clock);
        troubled.apply("iris", "m1");
        troubled.patch("iris", "spec: {predictor: {scaleTarget: 1, scaleMetric: concurrency}}");
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void aJumpScalesNothingAndScalingGoesOn(int hours) throws Exception {
        troubled.loadUntil("iris", R1, 2, 3);
        troubled.wire.forget();
        clock.off = Duration.ofHours(hours);
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        troubled.await(
                "two steps of scaling pass",
                () -> {
                    troubled.load("iris", R1, 2);
                    return System.nanoTime() > until;
                });
        assertThat(troubled.wire.written()).noneMatch(c -> c.path().endsWith("/scale"));
        troubled.loadUntil("iris", R1, 4, 5);
    }

    @Test
    void aRolloutEndsThoughTheClockGoesBack() throws Exception {
        clock.off = Duration.ofHours(-1);
        troubled.apply("iris", "m2");
        troubled.await("rolled out", () -> troubled.traffic("iris").equals("{2=100}"));
        troubled.await("the old one is drained", () -> troubled.asked(R1) == 0);
    }
}
