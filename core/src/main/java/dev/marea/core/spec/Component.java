package dev.marea.core.spec;

import java.time.Duration;

/** One part of a service that takes requests; in this release that is its predictor. */
public record Component(
        Workload workload,
        Scale scale,
        Autoscaling autoscaling,
        int containerConcurrency,
        Duration timeout) {
    /** KServe's own default for a request through Knative. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    public Component {
        if (containerConcurrency < 0) {
            throw new IllegalArgumentException(
                    "need containerConcurrency >= 0, was " + containerConcurrency);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("need a timeout above zero, was " + timeout);
        }
    }
}
