package dev.marea.gateway;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import java.time.Duration;
import java.util.Optional;

/** Where a gateway learns its routes and to whom it tells its load; in memory or over a socket. */
public interface RouteFeed {
    /** Hears what the feed says, one thing at a time. */
    @FunctionalInterface
    interface Listener {
        void routes(RouteTable table);

        /** How many gateways share the load; until this is told, it is the only one. */
        default void share(GatewayShare share) {}
    }

    /**
     * How the feed does.
     *
     * @param connected whether news would arrive
     * @param version of the table, as its operator counts
     * @param age since the table was last known to be true
     * @param reconnects how often a followed operator was lost
     */
    record State(boolean connected, long version, Duration age, long reconnects) {}

    /** Calls back at once with the current table, if there is any, then with every newer one. */
    AutoCloseable subscribe(Listener listener);

    void report(LoadReport load);

    /** Empty where nothing can come between the two ends. */
    default Optional<State> state() {
        return Optional.empty();
    }
}
