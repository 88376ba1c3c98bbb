package dev.marea.core.scale;

import dev.marea.core.scale.ScaleSettings.Aggregation;
import dev.marea.core.spec.Autoscaling.Metric;
import dev.marea.core.spec.Scale;
import java.time.Duration;

/** Settings for tests: Knative's defaults, and what a test changes. */
record Settings(ScaleSettings value) {
    static Settings defaults() {
        return new Settings(
                new ScaleSettings(
                        new Target(Metric.CONCURRENCY, 70, 100),
                        new Scale(0, 0),
                        Aggregation.LINEAR,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(6),
                        2,
                        1000,
                        2,
                        true,
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ZERO,
                        1,
                        0,
                        Duration.ofSeconds(630)));
    }

    Settings target(double perReplica, double total) {
        return with(new Target(value.target().metric(), perReplica, total), value.bounds());
    }

    Settings rps(double perReplica) {
        return with(new Target(Metric.RPS, perReplica, perReplica / 0.7), value.bounds());
    }

    Settings bounds(int min, int max) {
        return with(value.target(), new Scale(min, max));
    }

    Settings windows(int stable, int grace) {
        return rest(
                Duration.ofSeconds(stable),
                Duration.ofSeconds(grace),
                value.retention(),
                value.scaleToZero(),
                value.initialScale());
    }

    Settings retention(int seconds) {
        return rest(
                value.stableWindow(),
                value.grace(),
                Duration.ofSeconds(seconds),
                value.scaleToZero(),
                value.initialScale());
    }

    Settings neverZero() {
        return rest(
                value.stableWindow(),
                value.grace(),
                value.retention(),
                false,
                value.initialScale());
    }

    Settings initialScale(int replicas) {
        return rest(
                value.stableWindow(),
                value.grace(),
                value.retention(),
                value.scaleToZero(),
                replicas);
    }

    private Settings with(Target target, Scale bounds) {
        var v = value;
        return new Settings(
                new ScaleSettings(
                        target,
                        bounds,
                        v.aggregation(),
                        v.stableWindow(),
                        v.panicWindow(),
                        v.panicThreshold(),
                        v.maxUpRate(),
                        v.maxDownRate(),
                        v.scaleToZero(),
                        v.grace(),
                        v.retention(),
                        v.scaleDownDelay(),
                        v.initialScale(),
                        v.activationScale(),
                        v.startDeadline()));
    }

    private Settings rest(
            Duration stable, Duration grace, Duration retention, boolean toZero, int initial) {
        var v = value;
        return new Settings(
                new ScaleSettings(
                        v.target(),
                        v.bounds(),
                        v.aggregation(),
                        stable,
                        v.panicWindow(),
                        v.panicThreshold(),
                        v.maxUpRate(),
                        v.maxDownRate(),
                        toZero,
                        grace,
                        retention,
                        v.scaleDownDelay(),
                        initial,
                        v.activationScale(),
                        v.startDeadline()));
    }
}
