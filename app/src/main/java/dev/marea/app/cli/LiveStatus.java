package dev.marea.app.cli;

import dev.marea.app.platform.Platform;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One line at the bottom of the terminal that says how the platform is, until it is told to stop.
 */
final class LiveStatus {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Console console;
    private final Platform platform;

    LiveStatus(Console console, Platform platform) {
        this.console = console;
        this.platform = platform;
    }

    void until(CountDownLatch stop) throws InterruptedException {
        if (!console.terminal()) {
            stop.await();
            return;
        }
        long requestsBefore = platform.requests();
        while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
            long requests = platform.requests();
            console.live(line(requests - requestsBefore));
            requestsBefore = requests;
        }
    }

    private String line(long requestsPerSecond) {
        var now = platform.summary();
        var state = now.ready() == now.services() ? console.good("●") : console.bad("●");
        return "%s %d of %d services ready, %d %s, %d requests/s   Ctrl-C stops everything"
                .formatted(
                        state,
                        now.ready(),
                        now.services(),
                        now.replicas(),
                        now.replicas() == 1 ? "replica" : "replicas",
                        requestsPerSecond);
    }
}
