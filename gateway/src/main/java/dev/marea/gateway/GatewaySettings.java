package dev.marea.gateway;

import dev.marea.wire.http.HttpLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a gateway listens, waits, forwards and records.
 *
 * @param name of this gateway in its load reports; unique among the gateways of one operator
 * @param port 0 for any free one
 * @param lead how long {@link Gateway#close} goes on as before, except that it is not ready: so
 *     long it may take until nobody sends anything new
 * @param drain how long it then lets requests finish
 * @param seriesMax revisions with metrics of their own; more are counted together
 */
public record GatewaySettings(
        String name,
        String host,
        int port,
        HttpLimits limits,
        Waiting waiting,
        Forwarding forwarding,
        Access access,
        Duration lead,
        Duration drain,
        int seriesMax) {

    /**
     * The queues of requests that no replica can take yet.
     *
     * @param deadline longest wait; a service's own timeout may be shorter
     * @param heartbeat how often the client of a stream hears that it still waits
     */
    public record Waiting(int perRevision, int total, Duration deadline, Duration heartbeat) {
        public static final Waiting DEFAULTS = new Waiting(1_000, 10_000, Duration.ofMinutes(2));

        public Waiting {
            require(perRevision >= 0 && total >= 0, "queues of 0 or more");
            require(deadline.isPositive(), "a waiting deadline above zero");
            require(heartbeat.isPositive(), "a heartbeat above zero");
        }

        public Waiting(int perRevision, int total, Duration deadline) {
            this(perRevision, total, deadline, Duration.ofSeconds(10));
        }
    }

    /**
     * The way to a replica.
     *
     * @param idle how long a connection is kept for the next request; below the 5 s after which
     *     uvicorn closes one, so that a request seldom meets a closing connection
     * @param idlePerReplica idle connections kept to one replica by one event loop
     * @param replayBytes of a request's body that are kept for a retry; also what is read of a body
     *     while its request waits
     * @param retries after a request was sent and before any byte of a response
     * @param retryInference whether a POST that asks for a prediction may be sent twice: KServe's
     *     predict and infer are functions of their input
     */
    public record Forwarding(
            Duration connect,
            Duration idle,
            int idlePerReplica,
            int replayBytes,
            int retries,
            boolean retryInference) {
        public static final Forwarding DEFAULTS =
                new Forwarding(Duration.ofSeconds(1), Duration.ofSeconds(4), 64, 64 << 10, 2, true);

        public Forwarding {
            require(connect.isPositive() && idle.isPositive(), "durations above zero");
            require(idlePerReplica >= 0 && retries >= 0, "counts of 0 or more");
            require(replayBytes >= 0 && replayBytes <= 16 << 20, "replayBytes of 0 to 16 MiB");
        }
    }

    /**
     * Where access lines go: a file that is rotated, or standard output.
     *
     * @param filesMax the current file and its predecessors
     * @param pendingMax lines not yet written; more are dropped and counted
     */
    public record Access(Optional<Path> file, long fileBytesMax, int filesMax, int pendingMax) {
        public static final Access STANDARD_OUTPUT =
                new Access(Optional.empty(), Long.MAX_VALUE, 1, 8_192);

        public Access {
            require(fileBytesMax > 0 && filesMax > 0 && pendingMax > 0, "limits above zero");
        }

        public static Access file(Path file) {
            return new Access(Optional.of(file), 64L << 20, 3, 8_192);
        }
    }

    public GatewaySettings {
        require(!name.isEmpty(), "a name");
        require(port >= 0 && port <= 65_535, "a port of 0 to 65535");
        require(!lead.isNegative() && !drain.isNegative(), "a lead and a drain of 0 or more");
        require(seriesMax >= 0, "seriesMax of 0 or more");
    }

    public static GatewaySettings of(String name, String host, int port) {
        return new GatewaySettings(
                name,
                host,
                port,
                HttpLimits.DEFAULTS,
                Waiting.DEFAULTS,
                Forwarding.DEFAULTS,
                Access.STANDARD_OUTPUT,
                Duration.ZERO,
                Duration.ofSeconds(30),
                2_000);
    }

    public GatewaySettings with(HttpLimits other) {
        return new GatewaySettings(
                name, host, port, other, waiting, forwarding, access, lead, drain, seriesMax);
    }

    public GatewaySettings with(Waiting other) {
        return new GatewaySettings(
                name, host, port, limits, other, forwarding, access, lead, drain, seriesMax);
    }

    public GatewaySettings with(Forwarding other) {
        return new GatewaySettings(
                name, host, port, limits, waiting, other, access, lead, drain, seriesMax);
    }

    public GatewaySettings with(Access other) {
        return new GatewaySettings(
                name, host, port, limits, waiting, forwarding, other, lead, drain, seriesMax);
    }

    public GatewaySettings withLead(Duration other) {
        return new GatewaySettings(
                name, host, port, limits, waiting, forwarding, access, other, drain, seriesMax);
    }

    public GatewaySettings withDrain(Duration other) {
        return new GatewaySettings(
                name, host, port, limits, waiting, forwarding, access, lead, other, seriesMax);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("need " + what);
        }
    }
}
