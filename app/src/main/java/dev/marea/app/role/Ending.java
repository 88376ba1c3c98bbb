package dev.marea.app.role;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a role's process: a signal asks for it, the role closes what it opened, and the
 * process ends with 0. A role that does not manage is left to the kubelet's SIGKILL.
 */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** Asks for the end when the process gets SIGTERM or SIGINT. */
    static Ending onSignal() {
        var ending = new Ending();
        Runtime.getRuntime().addShutdownHook(new Thread(ending::hold, "ending"));
        return ending;
    }

    void ask() {
        asked.countDown();
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /** Everything is closed. */
    void done() {
        done.countDown();
    }

    // The JVM ends when its hooks have, and with the signal's code unless it is halted.
    private void hold() {
        ask();
        if (done.getCount() == 0) {
            return; // ended of itself: its own exit code stands
        }
        LOG.info("told to end");
        try {
            if (done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }
}
