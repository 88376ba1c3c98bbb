package dev.marea.gateway;

import dev.marea.core.route.RouteTable.Route;
import dev.marea.wire.http.Grpc;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one request may take: its service's timeout bounds every silence, the gateway's own
 * limit the wait for a replica, and what a gRPC client says it will wait bounds the whole.
 */
final class Patience {
    private static final long AGES_NANOS = TimeUnit.DAYS.toNanos(365);

    private final long arrived;
    private final boolean clientSaid;
    private final long clientDue;
    private final Duration waitingMax;
    private Duration timeout = Duration.ZERO;

    Patience(long arrived, HttpHeaders request, boolean grpc, Duration waitingMax) {
        this.arrived = arrived;
        long asked = grpc ? Grpc.timeoutNanos(request) : AGES_NANOS;
        this.clientSaid = asked < AGES_NANOS;
        this.clientDue = arrived + Math.min(asked, AGES_NANOS);
        this.waitingMax = waitingMax;
    }

    void of(Route route) {
        timeout = route.timeout();
    }

    Duration timeout() {
        return timeout;
    }

    Duration waiting() {
        return timeout.compareTo(waitingMax) < 0 ? timeout : waitingMax;
    }

    /** Nanoseconds that are left to wait for a replica. */
    long waitingLeft() {
        long now = System.nanoTime();
        return Math.max(0, Math.min(arrived + waiting().toNanos() - now, clientDue - now));
    }

    /** Nanoseconds that the replica may now be silent. */
    long silence() {
        return clientSaid ? Math.min(timeout.toNanos(), clientLeft()) : timeout.toNanos();
    }

    /** Nanoseconds until the client itself gives up. */
    long clientLeft() {
        return Math.max(0, clientDue - System.nanoTime());
    }

    /** Whether the time that the client gave is over, whatever else may be. */
    boolean clientGaveUp() {
        return clientLeft() == 0;
    }

    static String text(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
