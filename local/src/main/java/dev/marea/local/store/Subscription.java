package dev.marea.local.store;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One watcher's place in the stream of changes. Its queue is short; when the watcher is slower than
 * that, the queue is dropped and the changes are read again from the window on disk, so a writer
 * never waits for it and nothing is skipped. Past the window it ends with 410.
 */
public final class Subscription implements AutoCloseable {
    private static final int QUEUE_MAX = 1_000;
    private static final int PAGE = 500;

    /** Where the missed changes are read. */
    interface Past {
        Ledger.Page after(Optional<Resource> kind, long from, int max) throws Refusal;
    }

    private final Optional<Resource> kind;
    private final Past past;
    private final Runnable onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Committed> queue = new ArrayDeque<>();
    private boolean behind;
    private boolean closed;
    private long seen;

    /** Only the reader's thread touches these. */
    private final ArrayDeque<Committed> missed = new ArrayDeque<>();

    private long delivered;

    Subscription(Optional<Resource> kind, long from, long now, Past past, Runnable onClose) {
        this.kind = kind;
        this.past = past;
        this.onClose = onClose;
        this.delivered = from;
        this.seen = now;
        this.behind = from < now;
    }

    /** Called by the store for every change, in order; never waits. */
    void offer(Committed committed) {
        lock.lock();
        try {
            seen = committed.change().version();
            if (kind.isPresent() && !kind.get().equals(committed.change().key().resource())) {
                return;
            }
            if (queue.size() >= QUEUE_MAX) {
                queue.clear();
                behind = true;
            }
            if (!behind) {
                queue.add(committed);
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next change, or empty when none came in time or the subscription is closed. */
    public Optional<Committed> next(Duration wait) throws Refusal, InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        for (; ; ) {
            var next = missed.isEmpty() ? queued(deadline) : Optional.of(missed.poll());
            if (next.isPresent()) {
                if (next.get().change().version() <= delivered) {
                    continue;
                }
                delivered = next.get().change().version();
                return next;
            }
            if (!catchUp()) {
                return Optional.empty();
            }
        }
    }

    /** Everything up to this version was delivered or is none of this watcher's business. */
    public long position() {
        lock.lock();
        try {
            if (!behind && queue.isEmpty() && missed.isEmpty()) {
                delivered = Math.max(delivered, seen);
            }
            return delivered;
        } finally {
            lock.unlock();
        }
    }

    /** True once the store has ended, or {@link #close} was called. */
    public boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Committed> queued(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !behind && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                news.awaitNanos(left);
            }
            return closed || behind ? Optional.empty() : Optional.of(queue.poll());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads what was missed. The queue fills again before the read begins, so a change may be in
     * both, never in neither.
     */
    private boolean catchUp() throws Refusal {
        lock.lock();
        try {
            if (closed || !behind) {
                return false;
            }
            behind = false;
            queue.clear();
        } finally {
            lock.unlock();
        }
        var page = past.after(kind, delivered, PAGE);
        missed.addAll(page.changes());
        if (page.more()) {
            lock.lock();
            try {
                queue.clear();
                behind = true;
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            news.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.run();
    }
}
