package dev.marea.gateway;

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

/** The current table made ready for requests, and one desk for every revision in it. */
final class Directory {
    record DeskKey(ServiceId service, String revision) {}

    /** One table, whole: every revision that its index names has its desk. */
    record View(RouteIndex index, Map<DeskKey, Desk> desks) {
        Desk desk(ServiceId service, String revision) {
            var desk = desks.get(new DeskKey(service, revision));
            if (desk == null) {
                throw new AssertionError("no desk for " + service + " " + revision);
            }
            return desk;
        }
    }

    private final Room room;
    private final GatewayMetrics metrics;
    private volatile View view = new View(RouteIndex.EMPTY, Map.of());

    Directory(Room room, GatewayMetrics metrics) {
        this.room = room;
        this.metrics = metrics;
    }

    View view() {
        return view;
    }

    Collection<Desk> desks() {
        return view.desks().values();
    }

    /**
     * Requests in hand keep their replica; those that wait follow their revision or are rerouted.
     */
    synchronized void apply(RouteTable table) {
        var before = view.desks();
        var after = new HashMap<DeskKey, Desk>();
        var updates = new ArrayList<Runnable>();
        for (var route : table.routes()) {
            for (var revision : route.revisions()) {
                var key = new DeskKey(route.service(), revision.name());
                var desk = before.containsKey(key) ? before.get(key) : open(key);
                after.put(key, desk);
                updates.add(() -> update(desk, route, revision));
            }
        }
        view = new View(RouteIndex.of(table), Map.copyOf(after));
        updates.forEach(Runnable::run);
        before.forEach((key, desk) -> {
            if (!after.containsKey(key)) {
                close(desk);
            }
        });
    }

    private Desk open(DeskKey key) {
        return new Desk(
                key.service(), key.revision(), room, metrics.open(key.service(), key.revision()));
    }

    private static void update(Desk desk, Route route, Revision revision) {
        var known = new HashMap<Replica, Seat>();
        desk.seats().forEach(seat -> known.put(seat.replica(), seat));
        List<Seat> seats = new ArrayList<>();
        for (var replica : revision.replicas()) {
            var seat = known.remove(replica);
            seats.add(seat == null ? new Seat(replica) : seat);
        }
        known.values().forEach(Seat::retire);
        boolean takesRequests = revision.traffic().value() > 0 && !route.stopped();
        desk.update(seats, route.containerConcurrency(), takesRequests);
    }

    private void close(Desk desk) {
        desk.seats().forEach(Seat::retire);
        desk.close();
        metrics.close(desk.metrics());
    }
}
