package dev.marea.core.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Who scales a component and toward what. Absent parts mean the platform's defaults; the windows
 * and percentages are those of Knative's annotations.
 */
public record Autoscaling(
        Scaler scaler,
        Metric metric,
        OptionalDouble target,
        OptionalDouble targetUtilizationPercent,
        Optional<Duration> stableWindow,
        OptionalDouble panicWindowPercent,
        OptionalDouble panicThresholdPercent,
        Optional<Duration> retention,
        Optional<Duration> scaleDownDelay) {

    /** Ours, a HorizontalPodAutoscaler, KEDA, or somebody else. */
    public enum Scaler {
        MAREA,
        HPA,
        KEDA,
        EXTERNAL,
        NONE
    }

    public enum Metric {
        CONCURRENCY,
        RPS,
        CPU,
        MEMORY
    }

    public static final Autoscaling DEFAULT =
            new Autoscaling(
                    Scaler.MAREA,
                    Metric.CONCURRENCY,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty());
}
