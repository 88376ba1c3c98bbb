package dev.marea.core.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Who scales a component and toward what. Absent parts mean the platform's defaults; the windows
 * and percentages are those of Knative's annotations.
 *
 * @param initialScale replicas that a new revision must reach once before fewer are allowed
 * @param activationScale replicas wanted at least whenever any are wanted; 0 and 1 mean no such
 *     rule
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
        Optional<Duration> scaleDownDelay,
        int initialScale,
        int activationScale) {
    /** Knative's own default: a new revision proves itself with one replica. */
    public static final int DEFAULT_INITIAL_SCALE = 1;

    public Autoscaling {
        if (initialScale < 0 || activationScale < 0) {
            throw new IllegalArgumentException(
                    "need initialScale and activationScale >= 0, were %d and %d"
                            .formatted(initialScale, activationScale));
        }
    }

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
                    Optional.empty(),
                    DEFAULT_INITIAL_SCALE,
                    0);

    /**
     * The same wishes, carried out by another autoscaler. A wish about cpu or memory says nothing
     * to ours, which then goes by its default.
     */
    public Autoscaling by(Scaler other) {
        boolean foreign =
                other == Scaler.MAREA && (metric == Metric.CPU || metric == Metric.MEMORY);
        return new Autoscaling(
                other,
                foreign ? Metric.CONCURRENCY : metric,
                foreign ? OptionalDouble.empty() : target,
                targetUtilizationPercent,
                stableWindow,
                panicWindowPercent,
                panicThresholdPercent,
                retention,
                scaleDownDelay,
                initialScale,
                activationScale);
    }
}
