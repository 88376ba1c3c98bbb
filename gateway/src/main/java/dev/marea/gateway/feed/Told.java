package dev.marea.gateway.feed;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.gateway.RouteFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the gateway knows now, and who in it wants to hear of changes. */
final class Told {
    private final List<RouteFeed.Listener> listeners = new ArrayList<>();
    private Optional<RouteTable> table = Optional.empty();
    private GatewayShare share = GatewayShare.ALONE;

    synchronized AutoCloseable subscribe(RouteFeed.Listener listener) {
        listeners.add(listener);
        listener.share(share);
        table.ifPresent(listener::routes);
        return () -> forget(listener);
    }

    private synchronized void forget(RouteFeed.Listener listener) {
        listeners.remove(listener);
    }

    synchronized void routes(RouteTable newest) {
        table = Optional.of(newest);
        listeners.forEach(listener -> listener.routes(newest));
    }

    synchronized void share(GatewayShare mine) {
        if (!mine.equals(share)) {
            share = mine;
            listeners.forEach(listener -> listener.share(mine));
        }
    }

    synchronized Optional<RouteTable> table() {
        return table;
    }

    synchronized GatewayShare share() {
        return share;
    }
}
