package dev.marea.core.scale;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Autoscaling.Metric;

/**
 * What one replica should carry. {@code perReplica} is what the decider divides by; {@code total}
 * is the whole of which it is the used share.
 */
public record Target(Metric metric, double perReplica, double total) {
    static final double LEAST = 0.01;
    static final double DEFAULT_CONCURRENCY = 100;
    static final double DEFAULT_RPS = 200;
    static final double RPS_UTILIZATION = 0.7;

    public Target {
        if (!(perReplica >= LEAST) || !(total > 0)) {
            throw new IllegalArgumentException(
                    "need a target of at least 0.01 a replica, was " + perReplica);
        }
    }

    /**
     * Knative's resolution of target, containerConcurrency and utilisation. CPU and memory are
     * scaled by a HorizontalPodAutoscaler; where that is missing, concurrency stands in for them.
     */
    public static Target resolve(
            Autoscaling asked, int containerConcurrency, double platformUtilization) {
        boolean rps = asked.metric() == Metric.RPS;
        double platformTotal =
                containerConcurrency == 0 ? DEFAULT_CONCURRENCY : containerConcurrency;
        double total = asked.target().orElse(rps ? DEFAULT_RPS : platformTotal);
        if (!rps && containerConcurrency != 0) {
            total = Math.min(total, containerConcurrency);
        }
        double utilization = rps ? RPS_UTILIZATION : platformUtilization;
        if (asked.targetUtilizationPercent().isPresent()) {
            utilization = asked.targetUtilizationPercent().getAsDouble() / 100;
        }
        return new Target(
                rps ? Metric.RPS : Metric.CONCURRENCY, Math.max(LEAST, total * utilization), total);
    }
}
