package dev.marea.core.scale;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.Scale;
import java.time.Duration;

/**
 * Everything that steers the scaling of one revision. Names and defaults are Knative's
 * (config-autoscaler).
 *
 * @param panicThreshold panic begins when the load needs this many times the ready replicas
 * @param maxUpRate at most this many times the ready replicas in one step
 * @param maxDownRate at least the ready replicas divided by this in one step
 * @param grace how long the gateway must have been in the path before the last replica may go
 * @param retention how long the last replica stays after the service fell quiet
 * @param scaleDownDelay a lower count must have held this long
 * @param initialScale replicas that a new revision must reach once before fewer are allowed
 * @param activationScale replicas wanted at least whenever any are wanted; 0 and 1 mean no such
 *     rule
 * @param startDeadline a revision without load that has not become ready after this goes to zero
 */
public record ScaleSettings(
        Target target,
        Scale bounds,
        Aggregation aggregation,
        Duration stableWindow,
        Duration panicWindow,
        double panicThreshold,
        double maxUpRate,
        double maxDownRate,
        boolean scaleToZero,
        Duration grace,
        Duration retention,
        Duration scaleDownDelay,
        int initialScale,
        int activationScale,
        Duration startDeadline) {

    /** How the buckets of a window become one number. */
    public enum Aggregation {
        LINEAR,
        WEIGHTED_EXPONENTIAL
    }

    static final double UTILIZATION = 0.7;
    static final Duration STABLE_WINDOW = Duration.ofSeconds(60);
    static final double PANIC_WINDOW_PERCENT = 10;
    static final double PANIC_THRESHOLD_PERCENT = 200;
    static final double MAX_UP_RATE = 1000;
    static final double MAX_DOWN_RATE = 2;
    static final Duration GRACE = Duration.ofSeconds(30);
    static final Duration START_DEADLINE = Duration.ofSeconds(630);

    public ScaleSettings {
        require(stableWindow.toSeconds() >= 1, "a stable window of 1 s or more", stableWindow);
        require(stableWindow.toHours() <= 1, "a stable window of at most 1 h", stableWindow);
        require(
                panicWindow.toSeconds() >= 1 && panicWindow.compareTo(stableWindow) <= 0,
                "a panic window between 1 s and the stable window",
                panicWindow);
        require(panicThreshold > 1, "a panic threshold above 1", panicThreshold);
        require(maxUpRate > 1, "a maxUpRate above 1", maxUpRate);
        require(maxDownRate > 1, "a maxDownRate above 1", maxDownRate);
        require(!grace.isNegative(), "a grace of 0 or more", grace);
        require(!retention.isNegative(), "a retention of 0 or more", retention);
        require(
                !scaleDownDelay.isNegative() && scaleDownDelay.toHours() <= 1,
                "a scaleDownDelay of 0 to 1 h",
                scaleDownDelay);
        require(initialScale >= 0, "an initialScale of 0 or more", initialScale);
        require(activationScale >= 0, "an activationScale of 0 or more", activationScale);
    }

    /** The settings of a component, with Knative's defaults for what its author left open. */
    public static ScaleSettings of(Component component) {
        Autoscaling asked = component.autoscaling();
        Duration stable = asked.stableWindow().orElse(STABLE_WINDOW);
        return new ScaleSettings(
                Target.resolve(asked, component.containerConcurrency(), UTILIZATION),
                component.scale(),
                Aggregation.LINEAR,
                stable,
                panicWindow(stable, asked.panicWindowPercent().orElse(PANIC_WINDOW_PERCENT)),
                asked.panicThresholdPercent().orElse(PANIC_THRESHOLD_PERCENT) / 100,
                MAX_UP_RATE,
                MAX_DOWN_RATE,
                true,
                GRACE,
                asked.retention().orElse(Duration.ZERO),
                asked.scaleDownDelay().orElse(Duration.ZERO),
                asked.initialScale(),
                asked.activationScale(),
                START_DEADLINE);
    }

    static Duration panicWindow(Duration stable, double percent) {
        return Duration.ofSeconds(Math.max(1, Math.round(stable.toSeconds() * percent / 100)));
    }

    private static void require(boolean holds, String what, Object was) {
        if (!holds) {
            throw new IllegalArgumentException("need " + what + ", was " + was);
        }
    }
}
