package dev.marea.storage.transfer;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.transfer.Digests.Sums;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads a file in order behind its parts: sums it up, and lets an archive be unpacked. */
final class Following {
    private final @Nullable Future<Result> future;
    private final Arrival arrival;

    /** What came of it; the sums count more than what an unpacking made of wrong bytes. */
    private record Result(Sums sums, Optional<FetchFailure> failure) {}

    private Following(Arrival arrival, @Nullable Future<Result> future) {
        this.arrival = arrival;
        this.future = future;
    }

    static Following start(Arrival arrival, ExecutorService threads) {
        return new Following(
                arrival, arrival.followed() ? threads.submit(() -> follow(arrival)) : null);
    }

    private static Result follow(Arrival arrival) throws IOException, InterruptedException {
        var stream = new FollowedStream(arrival);
        var failure = Optional.<FetchFailure>empty();
        if (arrival.job().reading().isPresent()) {
            try {
                arrival.job().reading().get().read(stream);
            } catch (FetchFailure failed) {
                failure = Optional.of(failed);
            }
        }
        return new Result(stream.sums(), failure);
    }

    boolean over() {
        return future == null || future.isDone();
    }

    /**
     * Waits until all is read. If the sums are right, an archive that cannot be unpacked is at
     * fault itself.
     */
    Sums sums() throws IOException, InterruptedException {
        if (future == null) {
            return arrival.inlineSums();
        }
        try {
            var result = future.get();
            var wanted = arrival.file().sum();
            boolean right = wanted.flatMap(result.sums()::mismatch).isEmpty();
            if (right && result.failure().isPresent()) {
                throw result.failure().get();
            }
            return result.sums();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }
}
