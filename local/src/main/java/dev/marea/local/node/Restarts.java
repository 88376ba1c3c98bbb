package dev.marea.local.node;

import java.time.Duration;

/** Whether and when a container that has ended, or could not start, is started again. */
final class Restarts {
    private static final Duration BLOCKED_MIN = Duration.ofSeconds(1);
    private static final Duration BLOCKED_MAX = Duration.ofSeconds(20);

    private final boolean init;
    private final boolean stays;
    private final Backoff backoff = new Backoff();
    private Duration blockedPause = BLOCKED_MIN;

    /**
     * @param init it has to end well once
     * @param stays it is a sidecar, and never ends well
     */
    Restarts(boolean init, boolean stays) {
        this.init = init;
        this.stays = stays;
    }

    boolean again(String policy, int exitCode) {
        boolean failed = exitCode != 0;
        return stays
                || switch (policy) {
                    case "Never" -> false;
                    case "OnFailure" -> failed;
                    default -> failed || !init;
                };
    }

    Duration pauseAfter(ContainerState.Ended ended) {
        return backoff.pause(ended.started(), ended.finished());
    }

    /** What it lacks may come at any time, so it looks more often than after a crash. */
    Duration pauseWhileBlocked() {
        var pause = blockedPause;
        var doubled = pause.multipliedBy(2);
        blockedPause = doubled.compareTo(BLOCKED_MAX) < 0 ? doubled : BLOCKED_MAX;
        return pause;
    }

    void started() {
        blockedPause = BLOCKED_MIN;
    }
}
