package dev.marea.local.node;

import dev.marea.local.work.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Asks one probe of one container again and again. Until its first success a startup or readiness
 * probe asks often, since every millisecond of it is part of a wake-up; a failure then counts once
 * a period, and only after the initial delay, so that asking early never costs a container its
 * life.
 */
final class Prober {
    private static final Duration EAGER_MIN = Duration.ofMillis(20);
    private static final int EAGER_SHARE = 40;

    enum Kind {
        STARTUP,
        READINESS,
        LIVENESS;

        /** As events name it. */
        String title() {
            return switch (this) {
                case STARTUP -> "Startup";
                case READINESS -> "Readiness";
                case LIVENESS -> "Liveness";
            };
        }
    }

    /** Hears what is found; on any thread. */
    interface Listener {
        void well(Kind kind);

        /** A failure that counts; {@code over} once there were as many as the threshold. */
        void unwell(Kind kind, String message, boolean over);
    }

    private final Kind kind;
    private final Probe probe;
    private final Actions actions;
    private final Time time;
    private final Listener listener;
    private final Instant began;

    private volatile boolean ended;
    private boolean passed;
    private int successes;
    private int failures;
    private Instant counted = Instant.MIN;

    private Prober(Kind kind, Probe probe, Actions actions, Time time, Listener listener) {
        this.kind = kind;
        this.probe = probe;
        this.actions = actions;
        this.time = time;
        this.listener = listener;
        this.began = time.now();
    }

    static Prober start(Kind kind, Probe probe, Actions actions, Time time, Listener listener) {
        var prober = new Prober(kind, probe, actions, time, listener);
        prober.next(prober.eager() ? EAGER_MIN : probe.initialDelay());
        return prober;
    }

    void end() {
        ended = true;
    }

    private boolean eager() {
        return !passed && kind != Kind.LIVENESS;
    }

    private void next(Duration delay) {
        if (!ended) {
            var _ = time.after(delay, this::once);
        }
    }

    private void once() {
        if (ended) {
            return;
        }
        try {
            var failure = actions.perform(probe.action(), probe.timeout());
            if (!ended) {
                heard(failure);
                next(pause());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(Optional<String> failure) {
        if (failure.isEmpty()) {
            failures = 0;
            successes++;
            if (successes >= probe.successThreshold()) {
                passed = true;
                listener.well(kind);
            }
            return;
        }
        successes = 0;
        if (counts()) {
            counted = time.now();
            failures++;
            listener.unwell(kind, failure.get(), failures >= probe.failureThreshold());
        }
    }

    private boolean counts() {
        var now = time.now();
        boolean early = now.isBefore(began.plus(probe.initialDelay()));
        boolean again =
                eager()
                        && !counted.equals(Instant.MIN)
                        && now.isBefore(counted.plus(probe.period()));
        return !early && !again;
    }

    /** A fortieth of the time it took so far: 20 ms in the first second, 250 ms after ten. */
    private Duration pause() {
        if (!eager() || successes > 0) {
            return probe.period();
        }
        var share = Duration.between(began, time.now()).dividedBy(EAGER_SHARE);
        var eager = share.compareTo(EAGER_MIN) < 0 ? EAGER_MIN : share;
        return eager.compareTo(probe.period()) < 0 ? eager : probe.period();
    }
}
