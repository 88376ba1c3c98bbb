package dev.marea.gateway;

import java.time.Instant;

/**
 * What is recorded of one request. Empty text stands for what is not known; only gRPC has a {@code
 * grpcStatus}.
 */
record AccessLine(
        Instant time,
        String requestId,
        String client,
        String namespace,
        String service,
        String revision,
        String replica,
        String protocol,
        String method,
        String path,
        int status,
        int grpcStatus,
        String reason,
        long bytesIn,
        long bytesOut,
        long queueMs,
        long upstreamMs,
        long totalMs) {

    /** One line of JSON; whatever the client sent is escaped. */
    void appendTo(StringBuilder text) {
        var line = new JsonLine(text);
        line.field("time", time.toString())
                .field("requestId", requestId)
                .field("client", client)
                .field("namespace", namespace)
                .field("service", service)
                .field("revision", revision)
                .field("replica", replica)
                .field("protocol", protocol)
                .field("method", method)
                .field("path", path)
                .field("status", status);
        if (grpcStatus != Reply.NO_GRPC) {
            line.field("grpcStatus", grpcStatus);
        }
        line.field("reason", reason)
                .field("bytesIn", bytesIn)
                .field("bytesOut", bytesOut)
                .field("queueMs", queueMs)
                .field("upstreamMs", upstreamMs)
                .field("totalMs", totalMs)
                .end();
    }
}
