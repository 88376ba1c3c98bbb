package dev.marea.core.scale;

import java.time.Duration;
import java.time.Instant;

/**
 * The last replica's way out: a revision must have been active for a stable window, then idle for
 * the retention, and the gateway must have been in its path for the grace.
 */
final class ZeroGate {
    sealed interface Verdict {
        /** Apply this count. */
        record Apply(int replicas, String why) implements Verdict {}

        /** Leave what is there. */
        record Hold(String why) implements Verdict {}
    }

    enum Phase {
        ACTIVATING,
        ACTIVE,
        INACTIVE
    }

    private Phase phase;
    private Instant since;

    ZeroGate(Phase phase, Instant since) {
        this.phase = phase;
        this.since = since;
    }

    Phase phase() {
        return phase;
    }

    /**
     * What {@code wanted} becomes; {@code proxied} is how long the gateway has been in the path.
     */
    Verdict pass(
            int wanted, ScaleSettings settings, boolean reachable, Duration proxied, Instant now) {
        if (wanted != 0) {
            return new Verdict.Apply(wanted, "");
        }
        if (!settings.scaleToZero()) {
            return new Verdict.Apply(1, "scale to zero is off");
        }
        Duration spell = Duration.between(since, now);
        return switch (phase) {
            case ACTIVATING -> activating(spell, settings);
            case ACTIVE -> active(spell, settings);
            case INACTIVE -> inactive(spell, settings, reachable, proxied);
        };
    }

    /** Notes what came of it; to be called after every decision. */
    void note(int wanted, int ready, Instant now) {
        if (wanted == 0) {
            become(Phase.INACTIVE, now);
        } else if (wanted > 0 || phase != Phase.INACTIVE) {
            become(ready > 0 ? Phase.ACTIVE : Phase.ACTIVATING, now);
        }
    }

    private static Verdict activating(Duration spell, ScaleSettings settings) {
        Duration deadline = settings.startDeadline();
        return spell.compareTo(deadline) > 0
                ? new Verdict.Apply(
                        0, "no replica became ready within %ds".formatted(deadline.toSeconds()))
                : new Verdict.Hold("the first replica is starting");
    }

    private static Verdict active(Duration spell, ScaleSettings settings) {
        return spell.compareTo(settings.stableWindow()) >= 0
                ? new Verdict.Hold("idle; the last replica may go at the next step")
                : new Verdict.Apply(
                        1,
                        "no load, but a replica stays for the first %ds"
                                .formatted(settings.stableWindow().toSeconds()));
    }

    private static Verdict inactive(
            Duration spell, ScaleSettings settings, boolean reachable, Duration proxied) {
        Duration retention = reachable ? settings.retention() : Duration.ZERO;
        if (spell.compareTo(retention) < 0) {
            return new Verdict.Hold(
                    "idle; the last replica is kept for the retention of %ds"
                            .formatted(retention.toSeconds()));
        }
        if (spell.compareTo(settings.grace()) < 0 && proxied.compareTo(settings.grace()) < 0) {
            return new Verdict.Hold(
                    "idle; the last replica is kept for the grace period of %ds"
                            .formatted(settings.grace().toSeconds()));
        }
        return new Verdict.Apply(
                0, "no request in the last %ds".formatted(settings.stableWindow().toSeconds()));
    }

    private void become(Phase next, Instant now) {
        if (phase != next) {
            phase = next;
            since = now;
        }
    }
}
