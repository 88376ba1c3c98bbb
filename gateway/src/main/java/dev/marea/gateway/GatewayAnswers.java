package dev.marea.gateway;

import dev.marea.core.spec.Reason;

/** What the gateway itself says where no service is asked for. */
final class GatewayAnswers {
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
            return gateway.draining()
                    ? Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing")
                    : Answer.fine("ok");
        }
        return Answer.refuse(
                Reason.NO_SUCH_SERVICE,
                ("no service has the host '%s' (path %s): use the host in the service's status.url,"
                                + " or the path /serving/{namespace}/{name}/...")
                        .formatted(host, path));
    }

    /** Paths of a replica that are for the platform only. */
    static boolean isInternal(String path) {
        return path.equals("/metrics") || path.startsWith("/metrics/");
    }
}
