package dev.marea.gateway;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;

/**
 * Whether a request may be sent a second time when it is not known if the first one was acted on.
 */
final class Repeatable {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.PUT,
                    HttpMethod.DELETE,
                    HttpMethod.OPTIONS,
                    HttpMethod.TRACE);

    private Repeatable() {}

    static boolean is(HttpMethod method, String path, GatewaySettings.Forwarding settings) {
        return IDEMPOTENT.contains(method)
                || (settings.retryInference()
                        && method.equals(HttpMethod.POST)
                        && asksForPrediction(path));
    }

    private static boolean asksForPrediction(String path) {
        return (path.startsWith("/v1/models/")
                        && (path.endsWith(":predict") || path.endsWith(":explain")))
                || (path.startsWith("/v2/models/") && path.endsWith("/infer"));
    }
}
