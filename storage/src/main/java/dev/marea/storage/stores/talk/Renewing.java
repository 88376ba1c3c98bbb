package dev.marea.storage.stores.talk;

import dev.marea.storage.store.FetchFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keys or a token that end: kept until shortly before, then asked for anew, by one thread for all.
 */
public final class Renewing<T> {
    private static final Duration AHEAD_MAX = Duration.ofMinutes(5);

    private final Lender<T> lender;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Lent<T> lent;

    public Renewing(Lender<T> lender) {
        this.lender = lender;
    }

    /** Who lends them. */
    @FunctionalInterface
    public interface Lender<T> {
        Lent<T> lend() throws FetchFailure, InterruptedException;
    }

    /** What was lent, and until when it is surely good; its text shows only that. */
    public record Lent<T>(T value, Instant renewal) {
        /** Renewed some minutes before its end, or at half its life if that is short. */
        public static <T> Lent<T> until(T value, Instant end) {
            var half = Duration.between(Instant.now(), end).dividedBy(2);
            return new Lent<>(value, end.minus(half.compareTo(AHEAD_MAX) < 0 ? half : AHEAD_MAX));
        }

        boolean fresh() {
            return Instant.now().isBefore(renewal);
        }

        @Override
        public String toString() {
            return "(hidden, until " + renewal + ")";
        }
    }

    public T current() throws FetchFailure, InterruptedException {
        var known = lent;
        if (known != null && known.fresh()) {
            return known.value();
        }
        asking.lockInterruptibly();
        try {
            var since = lent;
            var now = since != null && since.fresh() ? since : lender.lend();
            lent = now;
            return now.value();
        } finally {
            asking.unlock();
        }
    }
}
