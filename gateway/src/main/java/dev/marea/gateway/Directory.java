package dev.marea.gateway;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteIndex;
import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The current table made ready for requests, and one pool for every revision in it. */
final class Directory implements RouteFeed.Listener {
    record DeskKey(ServiceId service, String revision) {}

    /** One table, whole: every revision that its index names has its pool. */
    record View(
            RouteIndex index,
            Map<ServiceId, Route> routes,
            Map<DeskKey, RevisionPool> pools,
            boolean told) {
        static final View EMPTY = new View(RouteIndex.EMPTY, Map.of(), Map.of(), false);

        RevisionPool pool(ServiceId service, String revision) {
            var pool = pools.get(new DeskKey(service, revision));
            if (pool == null) {
                throw new AssertionError("no pool for " + service + " " + revision);
            }
            return pool;
        }
    }

    private final WaitingRoom room;
    private final GatewayMetrics metrics;
    private GatewayShare share = GatewayShare.ALONE;
    private volatile View view = View.EMPTY;

    Directory(WaitingRoom room, GatewayMetrics metrics) {
        this.room = room;
        this.metrics = metrics;
    }

    View view() {
        return view;
    }

    /** Whether any table has been told; until then nobody can say which services exist. */
    boolean told() {
        return view.told();
    }

    Collection<RevisionPool> pools() {
        return view.pools().values();
    }

    /**
     * Requests in hand keep their replica; those that wait follow their revision or are rerouted.
     */
    @Override
    public synchronized void routes(RouteTable table) {
        var known = view.routes();
        var before = view.pools();
        var routes = HashMap.<ServiceId, Route>newHashMap(table.routes().size());
        var after = HashMap.<DeskKey, RevisionPool>newHashMap(before.size());
        var updates = new ArrayList<Runnable>();
        for (var route : table.routes()) {
            routes.put(route.service(), route);
            boolean unchanged = route.equals(known.get(route.service()));
            for (var revision : route.revisions()) {
                var key = new DeskKey(route.service(), revision.name());
                var pool = before.containsKey(key) ? before.get(key) : open(key);
                after.put(key, pool);
                if (!unchanged) {
                    updates.add(() -> update(pool, route, revision));
                }
            }
        }
        view = new View(RouteIndex.of(table), routes, after, true);
        updates.forEach(Runnable::run);
        before.forEach((key, pool) -> {
            if (!after.containsKey(key)) {
                close(pool);
            }
        });
    }

    @Override
    public synchronized void share(GatewayShare mine) {
        if (!mine.equals(share)) {
            share = mine;
            pools().forEach(pool -> pool.share(mine));
        }
    }

    private RevisionPool open(DeskKey key) {
        return new RevisionPool(
                key.service(), key.revision(), room, metrics.open(key.service(), key.revision()));
    }

    private void update(RevisionPool pool, Route route, Revision revision) {
        var known = new HashMap<Replica, Backend>();
        pool.backends().forEach(backend -> known.put(backend.replica(), backend));
        List<Backend> backends = new ArrayList<>();
        for (var replica : revision.replicas()) {
            var backend = known.remove(replica);
            backends.add(backend == null ? new Backend(replica) : backend);
        }
        known.values().forEach(Backend::retire);
        boolean takesRequests = revision.reachable() && !route.stopped();
        pool.update(backends, route.containerConcurrency(), share, takesRequests);
    }

    private void close(RevisionPool pool) {
        pool.backends().forEach(Backend::retire);
        pool.close();
        metrics.close(pool.metrics());
    }
}
