package dev.marea.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How requests of one model are joined. Rows are counted, as Triton's batch size and KServe's
 * {@code maxBatchSize} count them.
 *
 * @param rowsMax the most rows of a joined run, 1 for never; empty: nothing was said, so that only
 *     models whose rows are known to be independent are joined
 * @param delay how long requests that already are two wait for more; a lone one never waits
 * @param preferred sizes that end the wait; empty: only the largest does
 * @param queueMax requests that may wait; empty: as many as the server queues for any model
 * @param timeout the longest wait in the queue; empty: as long as the server lets any wait
 */
public record Batching(
        OptionalInt rowsMax,
        Duration delay,
        List<Integer> preferred,
        OptionalInt queueMax,
        Optional<Duration> timeout) {
    private static final int ROWS_LIMIT = 1 << 20;
    private static final Duration DELAY_LIMIT = Duration.ofSeconds(60);

    public static final Batching PLAIN =
            new Batching(
                    OptionalInt.empty(),
                    Duration.ZERO,
                    List.of(),
                    OptionalInt.empty(),
                    Optional.empty());

    public Batching {
        if (rowsMax.isPresent() && (rowsMax.getAsInt() < 1 || rowsMax.getAsInt() > ROWS_LIMIT)) {
            throw new IllegalArgumentException(
                    "the batch size must be 1..%d rows, was %d"
                            .formatted(ROWS_LIMIT, rowsMax.getAsInt()));
        }
        if (delay.isNegative() || delay.compareTo(DELAY_LIMIT) > 0) {
            throw new IllegalArgumentException(
                    "the batch delay must be 0..%d s, was %s"
                            .formatted(DELAY_LIMIT.toSeconds(), delay));
        }
        preferred = List.copyOf(preferred);
    }

    /** What the service says counts more than what lies in the model's directory. */
    public Batching overriddenBy(Batching service) {
        return new Batching(
                service.rowsMax.isPresent() ? service.rowsMax : rowsMax,
                service.delay.isZero() ? delay : service.delay,
                service.preferred.isEmpty() ? preferred : service.preferred,
                service.queueMax.isPresent() ? service.queueMax : queueMax,
                service.timeout.isPresent() ? service.timeout : timeout);
    }
}
