package dev.marea.storage.http;

import dev.marea.storage.store.FetchFailure;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When something is tried again: pauses double and are jittered, so that replicas do not come back
 * together; a store that says when to come back is not asked sooner.
 *
 * @param attempts how often something is tried that brings nothing
 * @param longest the longest pause; a store that asks for more is given up for now
 */
public record Retries(
        int attempts, Duration first, Duration longest, Pause pause, RandomGenerator chance) {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    public Retries {
        if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "need an attempt and pauses that grow, was "
                            + attempts
                            + ", "
                            + first
                            + ".."
                            + longest);
        }
    }

    public static Retries usual() {
        return new Retries(
                5,
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                Pause.REAL,
                RandomGenerator.getDefault());
    }

    /** Something that may be tried again. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws FetchFailure, InterruptedException;
    }

    public <T> T run(Attempt<T> attempt) throws FetchFailure, InterruptedException {
        for (int number = 1; ; number++) {
            try {
                return attempt.make();
            } catch (FetchFailure failed) {
                again(failed, number);
            }
        }
    }

    /** Returns when it is time for the attempt after {@code number}, or throws if there is none. */
    public void again(FetchFailure failed, int number) throws FetchFailure, InterruptedException {
        if (!failed.retryable()) {
            throw failed;
        }
        if (number >= attempts) {
            throw attempts == 1
                    ? failed
                    : failed.after("attempt %d of %d".formatted(number, attempts));
        }
        var wait = wait(failed, number);
        if (wait.compareTo(longest) > 0) {
            throw failed.after(
                    "attempt %d of %d; the store asks for %d s of quiet"
                            .formatted(number, attempts, wait.toSeconds()));
        }
        LOG.info(
                "{}; attempt {} of {}, the next one in {} ms",
                failed.getMessage(),
                number,
                attempts,
                wait.toMillis());
        pause.of(wait);
    }

    private Duration wait(FetchFailure failed, int number) {
        long grown = first.toMillis() << Math.min(number - 1, 20);
        long bounded = Math.min(grown, longest.toMillis());
        var jittered = Duration.ofMillis(bounded / 2 + (long) (chance.nextDouble() * bounded / 2));
        var asked = failed.retryAfter().orElse(Duration.ZERO);
        return asked.compareTo(jittered) > 0 ? asked : jittered;
    }
}
