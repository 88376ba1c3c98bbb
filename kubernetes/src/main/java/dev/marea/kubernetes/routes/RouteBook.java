package dev.marea.kubernetes.routes;

import dev.marea.core.plan.Plan.Share;
import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table of routes and tells subscribers of every new one, on the thread that brought the
 * news. A table equal to the last one is not told again. Routes are sorted by namespace and name,
 * and the route of a service that did not change is the very same object in the next table: who
 * wants to know what changed compares by identity.
 */
public final class RouteBook {
    private static final Logger LOG = LoggerFactory.getLogger(RouteBook.class);
    private static final Comparator<ServiceId> BY_NAME =
            Comparator.comparing(ServiceId::namespace).thenComparing(ServiceId::name);

    private final Map<ServiceId, Entry> entries = new HashMap<>();
    private final Map<ServiceId, Route> routes = new TreeMap<>(BY_NAME);
    private final Map<Owner, ServiceId> services = new HashMap<>();
    private final Map<Owner, Map<String, List<Replica>>> slices = new HashMap<>();
    private final List<Consumer<RouteTable>> subscribers = new CopyOnWriteArrayList<>();
    private RouteTable current = RouteTable.EMPTY;

    /** What a plan says of a service; replicas come from EndpointSlices. */
    public record Entry(
            List<String> hosts,
            List<Share> shares,
            int containerConcurrency,
            Duration timeout,
            boolean stopped,
            List<String> models) {
        public Entry {
            hosts = List.copyOf(hosts);
            shares = List.copyOf(shares);
            models = List.copyOf(models);
        }
    }

    /** The Service of one revision, whose slices list its replicas. */
    public record Owner(String namespace, String service) {}

    /** Calls back at once with the current table, then with every newer one, in order. */
    public synchronized AutoCloseable subscribe(Consumer<RouteTable> onTable) {
        subscribers.add(onTable);
        onTable.accept(current);
        return () -> subscribers.remove(onTable);
    }

    public synchronized void put(ServiceId service, Entry entry) {
        var before = entries.put(service, entry);
        if (entry.equals(before)) {
            return;
        }
        if (before != null) {
            owners(service, before).forEach(services::remove);
        }
        owners(service, entry).forEach(owner -> services.put(owner, service));
        routeAnew(service);
    }

    public synchronized void remove(ServiceId service) {
        var entry = entries.remove(service);
        if (entry != null) {
            owners(service, entry).forEach(services::remove);
            routes.remove(service);
            publish();
        }
    }

    /** Drops what is said of services that do not exist any more. */
    public synchronized void retain(Set<ServiceId> services) {
        List.copyOf(entries.keySet()).stream()
                .filter(service -> !services.contains(service))
                .forEach(this::remove);
    }

    /** The ready replicas of one slice. */
    public synchronized void put(Owner owner, String slice, List<Replica> ready) {
        var known = slices.computeIfAbsent(owner, _ -> new TreeMap<>());
        if (!ready.equals(known.put(slice, List.copyOf(ready)))) {
            routeAnew(owner);
        }
    }

    public synchronized void remove(Owner owner, String slice) {
        var known = slices.get(owner);
        if (known != null && known.remove(slice) != null) {
            if (known.isEmpty()) {
                slices.remove(owner);
            }
            routeAnew(owner);
        }
    }

    private static Stream<Owner> owners(ServiceId service, Entry entry) {
        return entry.shares().stream().map(s -> new Owner(service.namespace(), s.revision()));
    }

    private void routeAnew(Owner owner) {
        var service = services.get(owner);
        if (service != null) {
            routeAnew(service);
        }
    }

    private void routeAnew(ServiceId service) {
        var route = route(service, Objects.requireNonNull(entries.get(service), "an entry"));
        if (!route.equals(routes.put(service, route))) {
            publish();
        }
    }

    private void publish() {
        current = new RouteTable(current.version() + 1, List.copyOf(routes.values()));
        for (var subscriber : subscribers) {
            try {
                subscriber.accept(current);
            } catch (RuntimeException failed) {
                LOG.error("a subscriber of the route table failed; the others are told", failed);
            }
        }
    }

    private Route route(ServiceId service, Entry entry) {
        var revisions =
                entry.shares().stream()
                        .map(s ->
                                new Revision(
                                        s.revision(),
                                        s.percent(),
                                        replicas(new Owner(service.namespace(), s.revision())),
                                        s.tags()))
                        .toList();
        return new Route(
                service,
                entry.hosts(),
                revisions,
                entry.containerConcurrency(),
                entry.timeout(),
                entry.stopped(),
                entry.models());
    }

    private List<Replica> replicas(Owner owner) {
        return slices.getOrDefault(owner, Map.of()).values().stream()
                .flatMap(List::stream)
                .distinct()
                .sorted(Comparator.comparing(Replica::name).thenComparingInt(Replica::port))
                .toList();
    }
}
