package dev.marea.app.platform;

import dev.marea.core.scale.LoadReport;
import dev.marea.gateway.RouteFeed;
import dev.marea.kubernetes.routes.RouteSource;

/**
 * Joins the gateway to the operator in memory; on a cluster the same two ends meet over a socket.
 */
public record RouteLink(RouteSource source) implements RouteFeed {
    @Override
    public AutoCloseable subscribe(Listener listener) {
        return source.subscribe(listener::routes);
    }

    @Override
    public void report(LoadReport load) {
        source.accept(load);
    }
}
