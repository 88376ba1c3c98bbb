package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServiceId;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the gateway itself says, in words for the one who asked. */
final class GatewayAnswers {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private GatewayAnswers() {}

    static Answer noSuchPath(String namespace, String name, String host, String path) {
        return Answer.refuse(
                Reason.NO_SUCH_SERVICE,
                "no service '%s' in namespace '%s' (path %s, host %s)"
                        .formatted(name, namespace, path, host));
    }

    /** The answer on a host that no service has. */
    static Answer onBareHost(GatewayContext gateway, String host, String path) {
        if (path.equals("/healthz")) {
            return health(gateway);
        }
        if (!gateway.directory().told()) {
            return noRoutes();
        }
        return Answer.refuse(
                Reason.NO_SUCH_SERVICE,
                ("no service has the host '%s' (path %s): use the host in the service's status.url,"
                                + " or the path /serving/{namespace}/{name}/...")
                        .formatted(host, path));
    }

    private static Answer health(GatewayContext gateway) {
        if (gateway.draining()) {
            return Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing");
        }
        return gateway.directory().told() ? Answer.fine("ok") : noRoutes();
    }

    /** Nobody has told this gateway which services exist: it cannot say that one does not. */
    static Answer noRoutes() {
        var message = "this gateway has not heard from any operator yet and knows no routes";
        return Answer.refuse(Reason.ROUTES_UNKNOWN, message, SOON);
    }

    static Answer stopped(ServiceId service) {
        return Answer.refuse(Reason.STOPPED, "service %s is stopped".formatted(service));
    }

    static Answer noRevision(ServiceId service) {
        var message = service + " has no revision that takes traffic yet";
        return Answer.refuse(Reason.REVISION_NOT_READY, message, LATER);
    }

    static Answer closing() {
        return Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing", SOON);
    }

    static Answer queueFull(String revision, int most) {
        var message =
                "too many requests wait for %s already (at most %d may)".formatted(revision, most);
        return Answer.refuse(Reason.QUEUE_FULL, message, SOON);
    }

    static Answer lateInLine(boolean anyReady, Patience patience) {
        var missing = anyReady ? "no replica had room" : "no replica was ready";
        var message = missing + " within " + Patience.text(patience.waiting());
        return patience.clientGaveUp()
                ? late(patience)
                : Answer.refuse(Reason.QUEUE_TIMEOUT, message, LATER);
    }

    static Answer late(Patience patience) {
        return Answer.refuse(
                Reason.UPSTREAM_TIMEOUT,
                patience.clientGaveUp()
                        ? "the deadline in grpc-timeout has passed"
                        : "the replica did not answer within " + Patience.text(patience.timeout()));
    }

    static Answer noConnection(String revision, @Nullable Throwable cause) {
        return Answer.refuse(
                Reason.NO_REPLICA,
                "no replica of %s took the connection: %s".formatted(revision, text(cause)),
                SOON);
    }

    static Answer endedEarly(@Nullable Throwable cause) {
        var message = "the replica ended the connection before it answered: " + text(cause);
        return Answer.refuse(Reason.UPSTREAM_FAILED, message);
    }

    static Answer unusable(String what) {
        var message = "the replica's answer is not usable: " + what;
        return Answer.refuse(Reason.UPSTREAM_FAILED, message);
    }

    /** Without addresses: where replicas live is not the client's business. */
    private static String text(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "it was closed";
            case ConnectTimeoutException _ -> "it was not taken in time";
            case ConnectException _ -> "it was refused";
            case ProtocolException _ -> "it does not speak HTTP/2";
            default -> "it was reset";
        };
    }

    /** Paths of a replica that are for the platform only. */
    static boolean isInternal(String path) {
        return path.equals("/metrics") || path.startsWith("/metrics/");
    }
}
