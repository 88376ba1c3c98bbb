package dev.marea.gateway;

import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import java.util.function.Consumer;

/** Where a gateway learns its routes and to whom it tells its load; in memory or over a socket. */
public interface RouteFeed {
    /** Calls back at once with the current table, then with every newer one. */
    AutoCloseable subscribe(Consumer<RouteTable> onTable);

    void report(LoadReport load);
}
