package dev.marea.core.route;

import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import java.time.Duration;
import java.util.List;

/**
 * Everything a gateway must know to answer: services, their hosts, their weighted revisions, their
 * replicas.
 */
public record RouteTable(long version, List<Route> routes) {
    public static final RouteTable EMPTY = new RouteTable(0, List.of());

    public RouteTable {
        routes = List.copyOf(routes);
    }

    /**
     * One service; requests reach it by any of its hosts or by the path {@code
     * /serving/{namespace}/{name}/}.
     *
     * @param models the names by which a language model is asked for; none: it is no language model
     */
    public record Route(
            ServiceId service,
            List<String> hosts,
            List<Revision> revisions,
            int containerConcurrency,
            Duration timeout,
            boolean stopped,
            List<String> models) {
        public Route {
            hosts = List.copyOf(hosts);
            revisions = List.copyOf(revisions);
            models = List.copyOf(models);
        }

        public Route(
                ServiceId service,
                List<String> hosts,
                List<Revision> revisions,
                int containerConcurrency,
                Duration timeout,
                boolean stopped) {
            this(service, hosts, revisions, containerConcurrency, timeout, stopped, List.of());
        }

        public boolean isLanguageModel() {
            return !models.isEmpty();
        }
    }

    /**
     * A revision's share and those of its replicas that are ready.
     *
     * @param tags by which a request may ask for it, whatever its share
     */
    public record Revision(
            String name, Percent traffic, List<Replica> replicas, List<String> tags) {
        public Revision {
            replicas = List.copyOf(replicas);
            tags = List.copyOf(tags);
        }

        public Revision(String name, Percent traffic, List<Replica> replicas) {
            this(name, traffic, replicas, List.of());
        }

        /** Whether any request can come to it. */
        public boolean reachable() {
            return traffic.value() > 0 || !tags.isEmpty();
        }
    }

    /**
     * @param http2 whether its port speaks nothing but HTTP/2; else HTTP/1.1, and HTTP/2 for gRPC
     */
    public record Replica(String name, String host, int port, boolean http2) {
        public Replica(String name, String host, int port) {
            this(name, host, port, false);
        }
    }
}
