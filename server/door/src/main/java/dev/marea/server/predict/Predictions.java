package dev.marea.server.predict;

import dev.marea.server.models.Models;
import dev.marea.server.models.Refused;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls and sees to it that each ends. Where one runs is decided here:
 *
 * <ul>
 *   <li>A small request for a model in memory is read at once, on the thread that brought it: that
 *       costs less than to wake another.
 *   <li>If calls of its kind and size are proven to be cheap ({@link
 *       dev.marea.server.runtime.batch.Costs}), it also runs at once: a model that needs a few
 *       microseconds must not pay for a change of threads.
 *   <li>Everything else waits for its turn with the {@link Workers}, so that an event loop is never
 *       held up and health is told under any load. There requests that are alike become one run.
 * </ul>
 */
public final class Predictions implements AutoCloseable {
    private static final Duration WORKERS_END = Duration.ofSeconds(1);

    /** Reading so much takes some fifty microseconds. */
    private static final int SMALL_BYTES_MAX = 8 << 10;

    /** A model may be put out of memory again before its turn comes; not for ever. */
    private static final int TURNED_BACK_MAX = 3;

    private final Models models;
    private final Clock clock;
    private final Duration queueTime;
    private final long bodiesBytesMax;
    private final AtomicLong bodiesBytes = new AtomicLong();
    private final Runs runs;
    private final Workers workers;
    private final Parking parking;

    public Predictions(WorkSettings settings, Models models, ServerMetrics metrics) {
        this(settings, models, metrics, Clock.SYSTEM);
    }

    Predictions(WorkSettings settings, Models models, ServerMetrics metrics, Clock clock) {
        this.models = models;
        this.clock = clock;
        queueTime = settings.queueTime();
        bodiesBytesMax = settings.bodiesBytesMax();
        runs = new Runs(clock, metrics, settings.queueTime());
        workers = new Workers(settings.workersMax(), settings.queueMax(), runs, clock);
        parking = new Parking(settings.queueMax());
        metrics.watchQueue(() -> workers.waiting() + parking.size());
        metrics.watchModels(models::memory);
    }

    /** Counts body bytes that come in; false where memory for bodies is used up. */
    public boolean reserve(int bytes) {
        if (bodiesBytes.addAndGet(bytes) <= bodiesBytesMax) {
            return true;
        }
        bodiesBytes.addAndGet(-bytes);
        return false;
    }

    public void release(int bytes) {
        bodiesBytes.addAndGet(-bytes);
    }

    /**
     * Takes a call that has come in whole; its body's bytes are released when it has ended. Returns
     * soon, if on an event loop or not.
     */
    public void submit(Call call, int reserved) {
        arrive(new Waiting(call, clock.nanos(), () -> release(reserved)), true);
    }

    private void arrive(Waiting waiting, boolean mayRunHere) {
        try {
            var lease = models.lease(waiting.call.model(), waiting.call.version());
            if (lease.isEmpty()) {
                park(waiting);
                return;
            }
            waiting.holds(lease.get());
        } catch (Refused refused) {
            runs.refuse(waiting, refused);
            return;
        }
        if (!mayRunHere || !isSmall(waiting.call)) {
            queue(waiting);
        } else if (runs.read(waiting)) {
            runOrQueue(waiting);
        }
    }

    private static boolean isSmall(Call call) {
        return call.bodyBytes() <= SMALL_BYTES_MAX && !call.isStreamed();
    }

    private void runOrQueue(Waiting waiting) {
        var method = waiting.question().asked().method();
        if (!waiting.lease().tally().costs().areCheap(method, waiting.rowsCounted())) {
            queue(waiting);
        } else if (runs.isWanted(waiting)) {
            runs.alone(waiting);
        }
    }

    private void queue(Waiting waiting) {
        if (!workers.offer(waiting)) {
            runs.refuse(
                    waiting, Refused.busy("more predictions are waiting than this server queues"));
        }
    }

    /** Waits for the model, on no thread, and no longer than it may wait for a worker. */
    private void park(Waiting waiting) throws Refused {
        var model = waiting.call.model();
        if (++waiting.turnedBack > TURNED_BACK_MAX) {
            throw Refused.busy("memory does not suffice for the models that are asked");
        }
        if (!parking.enter(model)) {
            throw Refused.busy("more predictions wait for the model to be loaded than may");
        }
        var parked = new AtomicReference<@Nullable Waiting>(waiting);
        try {
            models.whenLoaded(
                    model, waiting.call.version(), () -> leave(parked, this::arriveLoaded));
        } catch (Refused refused) {
            parked.set(null);
            parking.leave(model);
            throw refused;
        }
        CompletableFuture.delayedExecutor(patience(waiting), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(() -> leave(parked, this::tooLate));
    }

    private long patience(Waiting waiting) {
        long most = queueTime.toNanos();
        var deadline = waiting.call.deadline();
        return deadline.isEmpty() ? most : Math.min(most, deadline.get() - clock.nanos());
    }

    /** The model or the end of patience, whichever comes first. */
    private void leave(AtomicReference<@Nullable Waiting> parked, Consumer<Waiting> then) {
        var waiting = parked.getAndSet(null);
        if (waiting != null) {
            parking.leave(waiting.call.model());
            then.accept(waiting);
        }
    }

    private void arriveLoaded(Waiting waiting) {
        arrive(waiting, false);
    }

    private void tooLate(Waiting waiting) {
        if (waiting.call.isUnwanted()) {
            waiting.end();
        } else {
            runs.refuse(waiting, Refused.notReady(waiting.call.model()));
        }
    }

    /** Ends the workers; true when none is left that might still use a model. */
    public boolean end() throws InterruptedException {
        close();
        return workers.awaitEnd(WORKERS_END);
    }

    /** What is being read or runs goes on; what waits is refused. */
    @Override
    public void close() {
        for (var waiting : workers.end()) {
            runs.refuse(waiting, Refused.busy("it ends"));
        }
    }
}
