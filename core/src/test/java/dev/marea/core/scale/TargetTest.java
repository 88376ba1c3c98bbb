package dev.marea.core.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Autoscaling.Metric;
import dev.marea.core.spec.Autoscaling.Scaler;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
    @ParameterizedTest(name = "{0} cc {1} utilisation {2} target {3}/{4} -> {5} of {6}")
    @CsvSource({
        "CONCURRENCY, 10, 0.8, , , 8, 10",
        "CONCURRENCY, 12, 0.8, , 75, 9, 12",
        "CONCURRENCY, 0, 0.001, 1, , 0.01, 1",
        "CONCURRENCY, 1, 1, 10, , 1, 1",
        "CONCURRENCY, 0, 0.7, , , 70, 100",
        "RPS, 0, 0.8, , , 140, 200",
        "RPS, 0, 0.8, 1, , 0.7, 1",
        "RPS, 0, 0.8, , 75, 150, 200",
        "RPS, 0, 0.8, 300, , 210, 300"
    })
    void resolvesAsKnativeDoes(
            Metric metric,
            int containerConcurrency,
            double utilization,
            @Nullable Double target,
            @Nullable Double utilizationPercent,
            double perReplica,
            double total) {
        var asked =
                new Autoscaling(
                        Scaler.MAREA,
                        metric,
                        optional(target),
                        optional(utilizationPercent),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        0);
        var resolved = Target.resolve(asked, containerConcurrency, utilization);
        assertThat(resolved.perReplica()).isCloseTo(perReplica, within(1e-9));
        assertThat(resolved.total()).isEqualTo(total);
    }

    @ParameterizedTest
    @CsvSource({"10, 10, 1", "600, 10, 60", "60, 50, 30", "60, 51, 31", "6, 1, 1"})
    void aPanicWindowIsAShareOfTheStableOneInWholeSeconds(int stable, double percent, int panic) {
        assertThat(ScaleSettings.panicWindow(Duration.ofSeconds(stable), percent))
                .isEqualTo(Duration.ofSeconds(panic));
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
