package dev.marea.core.scale;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Knative's KPA decider: two averages of load become a wanted count. While it panics the count only
 * rises; it leaves panic a stable window after the last load that was over the threshold.
 */
final class Decider {
    /** How often Knative decides; the delay of a scale-down is counted in these steps. */
    static final Duration TICK = Duration.ofSeconds(2);

    record Desired(int replicas, String why) {}

    private record Past(long step, int replicas) {}

    private ScaleSettings settings;
    private @Nullable Instant panicSince;
    private int panicReplicas;
    private final ArrayDeque<Past> past = new ArrayDeque<>();

    Decider(ScaleSettings settings) {
        this.settings = settings;
    }

    /** One that starts while replicas run cannot know the past and so does not shrink at once. */
    static Decider startedBeside(ScaleSettings settings, int ready, Instant now) {
        var decider = new Decider(settings);
        if (ready > 1) {
            decider.panic(now, ready);
        }
        return decider;
    }

    void panic(Instant since, int replicas) {
        panicSince = since;
        panicReplicas = replicas;
    }

    void settings(ScaleSettings changed) {
        settings = changed;
    }

    Desired decide(double stable, double panic, int readyNow, boolean reachable, Instant now) {
        double ready = Math.max(1, readyNow);
        int most = ceil(settings.maxUpRate() * ready);
        int least = reachable ? (int) Math.floor(ready / settings.maxDownRate()) : 0;
        int forStable = ceil(stable / settings.target().perReplica());
        int forPanic = ceil(panic / settings.target().perReplica());
        int calm = activation(forStable, clamp(forStable, least, most));
        int hasty = activation(forPanic, clamp(forPanic, least, most));

        watchForPanic(forPanic / ready >= settings.panicThreshold(), now);
        int wanted = panicSince == null ? calm : ratchet(Math.max(calm, hasty));
        int delayed = reachable ? delayed(wanted, now) : wanted;
        return new Desired(delayed, why(stable, panic, wanted, delayed, least, forStable));
    }

    /** Knative's spare capacity; our gateway is always in the path and decides nothing by it. */
    static int excessBurstCapacity(double total, double targetBurst, int ready, double panic) {
        if (targetBurst < 0) {
            return -1;
        }
        return targetBurst == 0 ? 0 : (int) Math.floor(ready * total - targetBurst - panic);
    }

    private void watchForPanic(boolean over, Instant now) {
        if (over) {
            panicSince = now;
        } else if (panicSince != null && panicSince.plus(settings.stableWindow()).isBefore(now)) {
            panicSince = null;
            panicReplicas = 0;
        }
    }

    private int ratchet(int wanted) {
        panicReplicas = Math.max(panicReplicas, wanted);
        return panicReplicas;
    }

    private int activation(int needed, int clamped) {
        return settings.activationScale() > 1 && needed > 0
                ? Math.max(settings.activationScale(), clamped)
                : clamped;
    }

    /** The largest count of the last steps; their number bounds the queue. */
    private int delayed(int wanted, Instant now) {
        long steps = Math.ceilDiv(settings.scaleDownDelay().toSeconds(), TICK.toSeconds());
        if (steps == 0) {
            return wanted;
        }
        long step = Math.floorDiv(now.getEpochSecond(), TICK.toSeconds());
        past.removeIf(p -> p.step() <= step - steps || p.replicas() <= wanted);
        past.addLast(new Past(step, wanted));
        return past.stream().mapToInt(Past::replicas).max().orElse(wanted);
    }

    private String why(
            double stable, double panic, int wanted, int delayed, int least, int forStable) {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%s is %.1f over %ds and %.1f over %ds at a target of %s a replica",
                        metric(),
                        stable,
                        settings.stableWindow().toSeconds(),
                        panic,
                        settings.panicWindow().toSeconds(),
                        number(settings.target().perReplica())));
        if (panicSince != null) {
            text.append("; a burst is on, so replicas only rise until it is over");
        } else if (wanted == least && forStable < least) {
            text.append("; one step down goes to ").append(least).append(" at most");
        }
        if (delayed > wanted) {
            text.append(
                    "; %d are kept for the scale-down delay of %ds"
                            .formatted(delayed, settings.scaleDownDelay().toSeconds()));
        }
        return text.toString();
    }

    private String metric() {
        return switch (settings.target().metric()) {
            case RPS -> "requests a second";
            case CONCURRENCY, CPU, MEMORY -> "concurrency";
        };
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private static int clamp(int wanted, int least, int most) {
        return Math.min(Math.max(wanted, least), most);
    }

    private static int ceil(double value) {
        return (int) Math.ceil(value);
    }
}
