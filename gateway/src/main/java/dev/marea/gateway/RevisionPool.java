package dev.marea.gateway;

import dev.marea.core.route.GatewayShare;
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
final class RevisionPool {
    /** What became of a request that asked for a place. */
    enum Joined {
        QUEUED,
        FULL
    }

    /** Each replica's limit is its own, and asked with whether it is usable. */
    private static final int NO_LIMIT = 0;

    private static final long KICK_SLACK_NANOS = 1_000_000;

    private final ServiceId service;
    private final String revision;
    private final WaitingRoom room;
    private final LoadMeter load;
    private final RetryBudget budget = new RetryBudget();
    private final RevisionMetrics metrics;
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Fleet fleet = new Fleet(List.of(), 0, GatewayShare.ALONE);
    private boolean kickPlanned;
    private boolean closed;

    RevisionPool(ServiceId service, String revision, WaitingRoom room, RevisionMetrics metrics) {
        this.service = service;
        this.revision = revision;
        this.room = room;
        this.metrics = metrics;
        this.load = new LoadMeter(System.nanoTime());
    }

    /** The replicas and the limit of each, of which this gateway has its share. */
    private record Fleet(List<Backend> backends, int limit, GatewayShare share)
            implements LeastOutstanding.Replicas {
        int places(int replica) {
            return share.places(limit, replica, backends.size());
        }

        @Override
        public int count() {
            return backends.size();
        }

        @Override
        public int outstanding(int replica) {
            return backends.get(replica).outstanding();
        }

        @Override
        public boolean usable(int replica) {
            Backend backend = backends.get(replica);
            return backend.outstanding() < places(replica)
                    && (!backend.ejected() || backend.usable(System.nanoTime()));
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
    @Nullable Backend takeAtOnce() {
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

    /** The backend's replica took a connection, so the next in line may try it too. */
    void connected(Backend backend) {
        if (backend.trialOver() && waiting.get() > 0) {
            serve();
        }
    }

    void leave(Backend backend) {
        backend.leave();
        backend.trialOver();
        if (waiting.get() > 0) {
            serve();
        }
    }

    /** Takes over what a new table says; a revision without traffic sends its queue elsewhere. */
    void update(List<Backend> backends, int limit, GatewayShare share, boolean hasTraffic) {
        fleet = new Fleet(List.copyOf(backends), limit, share);
        if (hasTraffic) {
            serve();
        } else {
            empty();
        }
    }

    /** Of a limit it may be more than before, so that those who wait can go. */
    void share(GatewayShare mine) {
        var now = fleet;
        fleet = new Fleet(now.backends(), now.limit(), mine);
        serve();
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        empty();
    }

    List<Backend> backends() {
        return fleet.backends();
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
            Backend backend = take();
            if (backend == null) {
                planKick();
                return;
            }
            Waiter next = queue.removeFirst();
            left();
            next.granted(this, backend);
        }
    }

    private void left() {
        waiting.decrementAndGet();
        room.leave();
    }

    private @Nullable Backend take() {
        Fleet now = fleet;
        // Another thread may take the place between the choice and the taking: choose again.
        for (int tries = 0; tries < 4; tries++) {
            int chosen = LeastOutstanding.pick(now, NO_LIMIT, room.chance().bits());
            if (chosen == LeastOutstanding.NONE) {
                return null;
            }
            Backend backend = now.backends().get(chosen);
            if (backend.take(now.places(chosen))) {
                return backend;
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
        for (var backend : fleet.backends()) {
            if (backend.ejected()) {
                soonest = Math.min(soonest, backend.nanosUntilTrial(now));
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
