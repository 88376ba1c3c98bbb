package dev.marea.app.platform;

import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import dev.marea.gateway.RouteFeed;
import dev.marea.kubernetes.RouteSource;
import java.util.function.Consumer;

/**
 * Joins the gateway to the operator in memory; on a cluster the same two ends meet over a socket.
 */
public record RouteLink(RouteSource source) implements RouteFeed {
    @Override
    public AutoCloseable subscribe(Consumer<RouteTable> onTable) {
        return source.subscribe(onTable);
    }

    @Override
    public void report(LoadReport load) {
        source.accept(load);
    }
}
