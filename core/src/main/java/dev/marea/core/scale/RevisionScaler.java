package dev.marea.core.scale;

import dev.marea.core.scale.GatewayShares.Second;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.scale.ZeroGate.Phase;
import dev.marea.core.scale.ZeroGate.Verdict;
import dev.marea.core.spec.Autoscaling.Metric;
import dev.marea.core.spec.Scale;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Scales one revision: keep one object a revision, feed it every gateway's reports, and ask it
 * every {@link #TICK} and at once when {@link #record} says so. Safe for several threads.
 *
 * <p>It is Knative's KPA with one deliberate difference: <b>from zero exactly one replica is
 * started</b> (or the lower bound, or activationScale), however many requests wait, and nothing
 * more is asked for until one is ready. KPA would divide the burst by the target and start a herd
 * for work that the first replica often finishes within milliseconds. What waited for the start
 * says nothing about what a running replica can carry, so the averages begin {@link #SETTLE} after
 * the first replica is ready; if the load then needs more (a small containerConcurrency or target,
 * long requests), KPA's formula orders them at the next step.
 */
public final class RevisionScaler {
    /** How often to decide. */
    public static final Duration TICK = Decider.TICK;

    /**
     * Reports that span the start of the first replica mix waiting with work; they pass in this.
     */
    static final Duration SETTLE = Duration.ofSeconds(2);

    /**
     * What is known of the revision.
     *
     * @param asked replicas that its scale asks for now
     * @param ready replicas that take requests
     * @param reachable whether any traffic is routed to it; one that is not may go below its min
     */
    public record Observed(int asked, int ready, boolean reachable) {}

    private ScaleSettings settings;
    private final GatewayShares shares = new GatewayShares();
    private Window stable;
    private Window panic;
    private @Nullable Decider decider;
    private @Nullable ZeroGate gate;
    private @Nullable Instant firstSeen;
    private Instant measuredFrom = Instant.MIN;
    private boolean waking;
    private boolean initialized;
    private int asked;

    public RevisionScaler(ScaleSettings settings) {
        this.settings = settings;
        this.stable = window(settings.stableWindow());
        this.panic = window(settings.panicWindow());
    }

    /** Takes changed settings; the averages start anew only if a window's length changed. */
    public synchronized void settings(ScaleSettings changed) {
        boolean sameWindows =
                changed.stableWindow().equals(settings.stableWindow())
                        && changed.panicWindow().equals(settings.panicWindow())
                        && changed.aggregation() == settings.aggregation()
                        && changed.target().metric() == settings.target().metric();
        settings = changed;
        if (!sameWindows) {
            stable = window(changed.stableWindow());
            panic = window(changed.panicWindow());
        }
        if (decider != null) {
            decider.settings(changed);
        }
    }

    /**
     * Takes one gateway's word on this revision.
     *
     * @return whether to decide at once: a request waits and no replica is asked for
     */
    public synchronized boolean record(String gateway, RevisionLoad load, Instant now) {
        advance(now);
        shares.record(gateway, load, now.getEpochSecond());
        return asked == 0 && load.waiting() > 0;
    }

    /** A gateway reported and did not name this revision: it carries nothing for it. */
    public synchronized void recordIdle(String gateway, Instant now) {
        advance(now);
        shares.record(gateway, null, now.getEpochSecond());
    }

    public synchronized Decision decide(Observed seen, Instant now) {
        advance(now);
        asked = seen.asked();
        var zero = gate(seen, now);
        initialized = initialized || seen.ready() >= settings.initialScale();
        Scale bounds = bounds(seen.reachable());
        if (seen.asked() == 0) {
            return asleep(bounds, zero, now);
        }
        return seen.ready() == 0
                ? starting(seen, bounds, zero, now)
                : running(seen, bounds, zero, now);
    }

    private Decision asleep(Scale bounds, ZeroGate zero, Instant now) {
        int least = bounds.clamp(Math.max(1, settings.activationScale()));
        if (shares.busy()) {
            return wake(least, zero, now, waitingRequests() + " and no replica runs");
        }
        if (bounds.min() > 0) {
            return wake(bounds.min(), zero, now, "at least %d must run".formatted(bounds.min()));
        }
        zero.note(0, 0, now);
        return new Decision.Keep(0, "asleep: no request waits");
    }

    private Decision wake(int replicas, ZeroGate zero, Instant now, String why) {
        waking = true;
        zero.note(replicas, 0, now);
        return new Decision.Wake(replicas, why);
    }

    /** Nothing is known of what a replica can carry until one is ready: no more, no fewer. */
    private Decision starting(Observed seen, Scale bounds, ZeroGate zero, Instant now) {
        int kept = bounds.clamp(seen.asked());
        if (shares.busy() || bounds.min() > 0) {
            zero.note(kept, 0, now);
            return apply(kept, seen, waitingFor(kept));
        }
        zero.note(-1, 0, now);
        return switch (zero.pass(0, settings, seen.reachable(), proxied(now), now)) {
            case Verdict.Apply(int replicas, var why) -> {
                zero.note(replicas, 0, now);
                yield apply(replicas, seen, why);
            }
            case Verdict.Hold(var why) -> new Decision.Keep(seen.asked(), why);
        };
    }

    private Decision running(Observed seen, Scale bounds, ZeroGate zero, Instant now) {
        if (waking) {
            waking = false;
            measuredFrom = now.plus(SETTLE);
            stable.clear();
            panic.clear();
        }
        zero.note(-1, seen.ready(), now);
        long second = now.getEpochSecond();
        var brain = decider(seen, now);
        if (!stable.hasData(second)) {
            return withoutData(seen, bounds, zero, now);
        }
        var desired =
                brain.decide(
                        stable.average(second),
                        panic.average(second),
                        seen.ready(),
                        seen.reachable(),
                        now);
        int needed = shares.busy() ? Math.max(1, desired.replicas()) : desired.replicas();
        int bounded = bounds.clamp(needed);
        String why = desired.why() + bound(needed, bounded, bounds);
        return switch (zero.pass(bounded, settings, seen.reachable(), proxied(now), now)) {
            case Verdict.Apply(int replicas, var reason) -> {
                zero.note(replicas, seen.ready(), now);
                yield apply(replicas, seen, reason.isEmpty() ? why : reason);
            }
            case Verdict.Hold(var reason) -> {
                zero.note(0, seen.ready(), now);
                yield new Decision.Keep(seen.asked(), reason);
            }
        };
    }

    private Decision withoutData(Observed seen, Scale bounds, ZeroGate zero, Instant now) {
        int kept = bounds.clamp(seen.asked());
        zero.note(kept, seen.ready(), now);
        return apply(
                kept,
                seen,
                shares.heardOfAny()
                        ? "the first replica has just become ready; its load is being measured"
                        : "no gateway has reported any load; nothing is changed");
    }

    private static Decision apply(int replicas, Observed seen, String why) {
        if (replicas == seen.asked()) {
            return new Decision.Keep(replicas, why);
        }
        if (replicas == 0) {
            return new Decision.Sleep(why);
        }
        return seen.asked() == 0
                ? new Decision.Wake(replicas, why)
                : new Decision.Resize(replicas, why);
    }

    private ZeroGate gate(Observed seen, Instant now) {
        var known = gate;
        if (known == null) {
            known = new ZeroGate(phaseAtFirstSight(seen), now);
            gate = known;
            firstSeen = now;
            waking = seen.ready() == 0;
        }
        return known;
    }

    private Decider decider(Observed seen, Instant now) {
        var known = decider;
        if (known == null) {
            known = Decider.startedBeside(settings, seen.ready(), now);
            decider = known;
        }
        return known;
    }

    private void advance(Instant now) {
        shares.closeBefore(
                now.getEpochSecond(), (int) settings.stableWindow().toSeconds(), this::measure);
    }

    private void measure(Second over) {
        if (over.second() < measuredFrom.getEpochSecond()) {
            return;
        }
        double load =
                settings.target().metric() == Metric.RPS ? over.requests() : over.concurrency();
        stable.record(over.second(), load);
        panic.record(over.second(), load);
    }

    private Scale bounds(boolean reachable) {
        int min = settings.bounds().min();
        if (!initialized && settings.initialScale() > 1) {
            min = Math.max(min, settings.initialScale());
        }
        int max = settings.bounds().max();
        return new Scale(reachable ? (max == 0 ? min : Math.min(min, max)) : 0, max);
    }

    private static Phase phaseAtFirstSight(Observed seen) {
        if (seen.ready() > 0) {
            return Phase.ACTIVE;
        }
        return seen.asked() > 0 ? Phase.ACTIVATING : Phase.INACTIVE;
    }

    /** Our gateway is in every revision's path from its first moment. */
    private Duration proxied(Instant now) {
        return firstSeen == null ? Duration.ZERO : Duration.between(firstSeen, now);
    }

    private String waitingFor(int kept) {
        return "%s for the first of %d replica%s; more are ordered once it is ready and the load needs them"
                .formatted(waitingRequests(), kept, kept == 1 ? "" : "s");
    }

    private String waitingRequests() {
        int waiting = shares.waiting();
        return waiting == 1 ? "1 request waits" : waiting + " requests wait";
    }

    private static String bound(int needed, int bounded, Scale bounds) {
        if (bounded > needed) {
            return "; at least %d must run".formatted(bounds.min());
        }
        return bounded < needed ? "; at most %d may run".formatted(bounds.max()) : "";
    }

    private Window window(Duration length) {
        return new Window((int) length.toSeconds(), settings.aggregation());
    }
}
