package dev.marea.server.predict;

import dev.marea.server.runtime.LoadedModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Everything that waits, model by model. Models take turns, one piece of work each, so that one
 * that is asked much or is slow does not starve the others. Not safe for threads: {@link Workers}
 * asks it under a lock.
 */
final class Backlog {
    /** All models together may have this many times what one may have. */
    private static final int MODELS_WORTH = 8;

    /** What a worker is to do. */
    sealed interface Work {
        record Read(BatchQueue queue, Waiting call) implements Work {}

        record Run(BatchQueue queue, List<Waiting> calls) implements Work {}

        /** Nothing before this moment, which may be {@link BatchQueue#NEVER}. */
        record Rest(long until) implements Work {}
    }

    private final int workers;
    private final int queueMax;
    private final IdentityHashMap<LoadedModel, BatchQueue> queues = new IdentityHashMap<>();
    private final ArrayDeque<BatchQueue> turns = new ArrayDeque<>();
    private int length;

    Backlog(int workers, int queueMax) {
        this.workers = workers;
        this.queueMax = queueMax;
    }

    int length() {
        return length;
    }

    /** False where as many wait for this model, or for all, as may. */
    boolean offer(Waiting call) {
        var lease = call.lease();
        var queue = queues.get(lease.loaded());
        int most = Math.min(queueMax, lease.config().batching().queueMax().orElse(queueMax));
        if ((queue != null && queue.length() >= most) || length >= (long) queueMax * MODELS_WORTH) {
            return false;
        }
        if (queue == null) {
            queue = new BatchQueue(lease, workers);
            queues.put(lease.loaded(), queue);
            turns.add(queue);
        }
        queue.add(call);
        length++;
        return true;
    }

    Work take(long now) {
        long soonest = BatchQueue.NEVER;
        for (int i = turns.size(); i > 0; i--) {
            var queue = turns.removeFirst();
            turns.addLast(queue);
            long due = queue.dueAt(now);
            if (due <= now) {
                return workOf(queue);
            }
            soonest = Math.min(soonest, due);
        }
        return new Work.Rest(soonest);
    }

    /** When there is something to do; {@link BatchQueue#NEVER} until something changes. */
    long dueAt(long now) {
        long soonest = BatchQueue.NEVER;
        for (var queue : turns) {
            soonest = Math.min(soonest, queue.dueAt(now));
        }
        return soonest;
    }

    private Work workOf(BatchQueue queue) {
        var unread = queue.takeUnread();
        if (!unread.isEmpty()) {
            return new Work.Read(queue, unread.getFirst());
        }
        var run = queue.takeRun();
        length -= run.size();
        return new Work.Run(queue, run);
    }

    /** A reading is over. */
    void done(Work.Read reading) {
        reading.queue.readOf(reading.call);
        if (!reading.call.isRead()) {
            length--;
            forget(reading.queue);
        }
    }

    /** A run is over. */
    void done(Work.Run run) {
        run.queue.ran();
        forget(run.queue);
    }

    /** A model that nobody asks is not remembered here: it may be unloaded. */
    private void forget(BatchQueue queue) {
        if (queue.isDone()) {
            queues.remove(queue.model());
            turns.remove(queue);
        }
    }

    /** Takes everything out, for an end. */
    List<Waiting> clear() {
        var left = new ArrayList<Waiting>();
        for (var queue : turns) {
            queue.drainTo(left);
        }
        length -= left.size();
        return left;
    }
}
