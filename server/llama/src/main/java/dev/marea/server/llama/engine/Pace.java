package dev.marea.server.llama.engine;

import java.time.Duration;

/** How soon an engine that died is started again: at once, unless it keeps dying young. */
final class Pace {
    private static final Duration YOUNG = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(20);

    private int diedYoung;

    /** The pause before the next start. */
    Duration next(Duration lived) {
        diedYoung = lived.compareTo(YOUNG) < 0 ? diedYoung + 1 : 0;
        if (diedYoung < 3) {
            return Duration.ZERO;
        }
        var pause = PAUSE.multipliedBy(1L << Math.min(diedYoung - 3, 10));
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }

    /** Waits; false if interrupted. */
    boolean awaitNext(Duration lived) {
        try {
            Thread.sleep(next(lived));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
