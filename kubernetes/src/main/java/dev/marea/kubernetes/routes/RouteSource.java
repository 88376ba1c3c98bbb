package dev.marea.kubernetes.routes;

import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import java.util.function.Consumer;

/**
 * What the operator offers to gateways: the current table and every newer one, and an ear for their
 * load.
 */
public interface RouteSource {
    AutoCloseable subscribe(Consumer<RouteTable> onTable);

    void accept(LoadReport load);
}
