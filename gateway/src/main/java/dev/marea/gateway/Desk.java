package dev.marea.gateway;

import dev.marea.core.route.LeastOutstanding;
import dev.marea.core.spec.ServiceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One revision's place in the gateway: its replicas and the queue before them. Requests are bound
 * to a replica late, first come first served, when one has room.
 *
 * <p>No wake-up is lost: who joins the queue looks for a place after it is counted, who leaves a
 * place looks for the queue after the place is free.
 */
final class Desk {
    /** What became of a request that asked for a place. */
    enum Joined {
        QUEUED,
        FULL
    }

    private static final long KICK_SLACK_NANOS = 1_000_000;

    private final ServiceId service;
    private final String revision;
    private final Room room;
    private final LoadMeter load;
    private final RetryBudget budget = new RetryBudget();
    private final RevisionMetrics metrics;
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Fleet fleet = new Fleet(List.of(), 0);
    private boolean kickPlanned;
    private boolean closed;

    Desk(ServiceId service, String revision, Room room, RevisionMetrics metrics) {
        this.service = service;
        this.revision = revision;
        this.room = room;
        this.metrics = metrics;
        this.load = new LoadMeter(System.nanoTime());
    }

    /** The replicas and the limit of each, as of one table. */
    private record Fleet(List<Seat> seats, int limit) implements LeastOutstanding.Replicas {
        @Override
        public int count() {
            return seats.size();
        }

        @Override
        public int outstanding(int replica) {
            return seats.get(replica).outstanding();
        }

        @Override
        public boolean usable(int replica) {
            Seat seat = seats.get(replica);
            return !seat.ejected() || seat.usable(System.nanoTime());
        }
    }

    ServiceId service() {
        return service;
    }

    String revision() {
        return revision;
    }

    LoadMeter load() {
        return load;
    }

    RetryBudget budget() {
        return budget;
    }

    RevisionMetrics metrics() {
        return metrics;
    }

    int waiting() {
        return waiting.get();
    }

    int ready() {
        return fleet.count();
    }

    /** A place at once, unless others wait already or none is free. */
    @Nullable Seat takeAtOnce() {
        return waiting.get() > 0 ? null : take();
    }

    /** Lines up; {@code first} puts a request that had its turn already before the others. */
    Joined join(Waiter waiter, boolean first) {
        boolean closedNow;
        synchronized (this) {
            closedNow = closed;
            if (!closed) {
                if (queue.size() >= room.perRevision() || !room.enter()) {
                    return Joined.FULL;
                }
                if (first) {
                    queue.addFirst(waiter);
                } else {
                    queue.addLast(waiter);
                }
                waiting.incrementAndGet();
            }
        }
        if (closedNow) {
            waiter.reroute();
            return Joined.QUEUED;
        }
        serve();
        return Joined.QUEUED;
    }

    /** Leaves the queue; false if a place was granted meanwhile. */
    synchronized boolean abandon(Waiter waiter) {
        if (!queue.remove(waiter)) {
            return false;
        }
        left();
        return true;
    }

    /** The seat's replica took a connection, so the next in line may try it too. */
    void connected(Seat seat) {
        if (seat.trialOver() && waiting.get() > 0) {
            serve();
        }
    }

    void leave(Seat seat) {
        seat.leave();
        seat.trialOver();
        if (waiting.get() > 0) {
            serve();
        }
    }

    /** Takes over what a new table says; a revision without traffic sends its queue elsewhere. */
    void update(List<Seat> seats, int limit, boolean hasTraffic) {
        fleet = new Fleet(List.copyOf(seats), limit);
        if (hasTraffic) {
            serve();
        } else {
            empty();
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        empty();
    }

    List<Seat> seats() {
        return fleet.seats();
    }

    /** Sends all who wait to be routed anew. */
    void empty() {
        List<Waiter> sent;
        synchronized (this) {
            sent = new ArrayList<>(queue);
            queue.clear();
            sent.forEach(_ -> left());
        }
        sent.forEach(Waiter::reroute);
    }

    private synchronized void serve() {
        while (!queue.isEmpty()) {
            Seat seat = take();
            if (seat == null) {
                planKick();
                return;
            }
            Waiter next = queue.removeFirst();
            left();
            next.granted(this, seat);
        }
    }

    private void left() {
        waiting.decrementAndGet();
        room.leave();
    }

    private @Nullable Seat take() {
        Fleet now = fleet;
        // Another thread may take the place between the choice and the taking: choose again.
        for (int tries = 0; tries < 4; tries++) {
            int chosen = LeastOutstanding.pick(now, now.limit(), room.chance().bits());
            if (chosen == LeastOutstanding.NONE) {
                return null;
            }
            Seat seat = now.seats().get(chosen);
            if (seat.take(now.limit())) {
                return seat;
            }
        }
        return null;
    }

    /** Ejected replicas become usable by time alone: somebody must look again then. */
    private void planKick() {
        if (kickPlanned) {
            return;
        }
        long now = System.nanoTime();
        long soonest = Long.MAX_VALUE;
        for (var seat : fleet.seats()) {
            if (seat.ejected()) {
                soonest = Math.min(soonest, seat.nanosUntilTrial(now));
            }
        }
        if (soonest != Long.MAX_VALUE) {
            kickPlanned = true;
            room.later(soonest + KICK_SLACK_NANOS, this::kick);
        }
    }

    private void kick() {
        synchronized (this) {
            kickPlanned = false;
        }
        serve();
    }
}
