package dev.marea.kubernetes.reconcile;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Who works next where more wait than there are hands: namespaces take turns, and each serves its
 * own first come, first served. A tenant's thousand services do not stand before another's one.
 *
 * <p>The queue is as long as there are services, for each waits at most once.
 */
final class Turns implements AutoCloseable {
    private final SequencedMap<String, Queue<CompletableFuture<Void>>> waiting =
            new LinkedHashMap<>();
    private int free;
    private boolean closed;

    Turns(int hands) {
        this.free = hands;
    }

    /** Ends with the work: closing it gives the turn to the next one. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a turn.
     *
     * @throws CancellationException if no turns are given any more
     */
    Turn take(String namespace) throws InterruptedException {
        var mine = new CompletableFuture<Void>();
        queue(namespace, mine);
        try {
            mine.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException stopped) {
            if (!mine.cancel(false)) {
                pass(); // it was given at the last moment
            }
            throw stopped;
        }
        return this::pass;
    }

    private synchronized void queue(String namespace, CompletableFuture<Void> mine) {
        if (closed) {
            mine.cancel(false);
        } else if (free > 0) {
            free--;
            mine.complete(null);
        } else {
            waiting.computeIfAbsent(namespace, _ -> new ArrayDeque<>()).add(mine);
        }
    }

    /** Whose turn it was goes to the end of the line of namespaces. */
    private synchronized void pass() {
        while (!waiting.isEmpty()) {
            var first = waiting.pollFirstEntry();
            var next = first.getValue().remove();
            if (!first.getValue().isEmpty()) {
                waiting.putLast(first.getKey(), first.getValue());
            }
            if (next.complete(null)) {
                return;
            }
        }
        free++;
    }

    /** Sends away all who wait. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.values().forEach(all -> all.forEach(each -> each.cancel(false)));
        waiting.clear();
    }
}
