package dev.marea.gateway.feed;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.FeedMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;

/** A table in the making: changes are gathered until they are said to be whole. */
final class TableDraft {
    private static final Comparator<ServiceId> BY_NAME =
            Comparator.comparing(ServiceId::namespace).thenComparing(ServiceId::name);

    private final TreeMap<ServiceId, Route> routes = new TreeMap<>(BY_NAME);
    private boolean greeted;
    private boolean begun;

    /**
     * Takes the next message.
     *
     * @return a table, when one is whole
     */
    Optional<RouteTable> take(FeedMessage message) throws IOException {
        if (!greeted && !(message instanceof FeedMessage.Hello)) {
            throw new IOException("the feed begins without a hello");
        }
        return switch (message) {
            case FeedMessage.Hello(var format, _) -> greet(format);
            case FeedMessage.Reset() -> begin();
            case FeedMessage.Put(var route) -> put(route);
            case FeedMessage.Remove(var service) -> remove(service);
            case FeedMessage.Commit(var version, var count) -> commit(version, count);
            case FeedMessage.Beat _, FeedMessage.Unknown() -> Optional.empty();
        };
    }

    private Optional<RouteTable> greet(int format) throws IOException {
        if (format != FeedCodec.FORMAT) {
            throw new IOException(
                    "the operator speaks format %d of the feed, this gateway %d"
                            .formatted(format, FeedCodec.FORMAT));
        }
        greeted = true;
        return Optional.empty();
    }

    private Optional<RouteTable> begin() {
        routes.clear();
        begun = true;
        return Optional.empty();
    }

    private Optional<RouteTable> put(Route route) throws IOException {
        if (routes.size() >= FeedCodec.ROUTES_MAX && !routes.containsKey(route.service())) {
            throw new IOException("more than " + FeedCodec.ROUTES_MAX + " services");
        }
        routes.put(route.service(), route);
        return Optional.empty();
    }

    private Optional<RouteTable> remove(ServiceId service) {
        routes.remove(service);
        return Optional.empty();
    }

    private Optional<RouteTable> commit(long version, int count) throws IOException {
        if (!begun || routes.size() != count) {
            throw new IOException(
                    "the operator counts %d services, this gateway %d"
                            .formatted(count, routes.size()));
        }
        return Optional.of(new RouteTable(version, new ArrayList<>(routes.values())));
    }
}
