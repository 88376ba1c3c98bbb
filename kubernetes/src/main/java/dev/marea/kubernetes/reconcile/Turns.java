package dev.marea.kubernetes.reconcile;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Who works next where more wait than there are hands: namespaces take turns, and each serves its
 * own first come, first served. A tenant's thousand services do not stand before another's one.
 * Within a namespace those go before whose author waits for an answer; of four turns one is for the
 * rest, so that nobody waits for ever.
 *
 * <p>The queue is as long as there are services, for each waits at most once.
 */
final class Turns implements AutoCloseable {
    private static final int URGENT_IN_A_ROW_MAX = 3;

    private final SequencedMap<String, Line> waiting = new LinkedHashMap<>();
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

    /** Who waits of one namespace. */
    private static final class Line {
        private final Queue<CompletableFuture<Void>> urgent = new ArrayDeque<>();
        private final Queue<CompletableFuture<Void>> others = new ArrayDeque<>();
        private int urgentInARow;

        void add(CompletableFuture<Void> one, boolean isUrgent) {
            (isUrgent ? urgent : others).add(one);
        }

        CompletableFuture<Void> next() {
            var others = urgent.isEmpty() || urgentInARow >= URGENT_IN_A_ROW_MAX;
            if (others && !this.others.isEmpty()) {
                urgentInARow = 0;
                return this.others.remove();
            }
            urgentInARow++;
            return urgent.remove();
        }

        boolean isEmpty() {
            return urgent.isEmpty() && others.isEmpty();
        }

        Stream<CompletableFuture<Void>> all() {
            return Stream.concat(urgent.stream(), others.stream());
        }
    }

    /**
     * Waits for a turn.
     *
     * @param urgent whether somebody changed what is asked, and waits for an answer
     * @throws CancellationException if no turns are given any more
     */
    Turn take(String namespace, boolean urgent) throws InterruptedException {
        var mine = new CompletableFuture<Void>();
        queue(namespace, urgent, mine);
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

    private synchronized void queue(
            String namespace, boolean urgent, CompletableFuture<Void> mine) {
        if (closed) {
            mine.cancel(false);
        } else if (free > 0) {
            free--;
            mine.complete(null);
        } else {
            waiting.computeIfAbsent(namespace, _ -> new Line()).add(mine, urgent);
        }
    }

    /** Whose turn it was goes to the end of the line of namespaces. */
    private synchronized void pass() {
        while (!waiting.isEmpty()) {
            var first = waiting.pollFirstEntry();
            var next = first.getValue().next();
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
        waiting.values().stream().flatMap(Line::all).forEach(each -> each.cancel(false));
        waiting.clear();
    }
}
