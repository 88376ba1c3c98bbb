package dev.marea.gateway;

import java.time.Instant;

/** What is recorded of one request. Empty text stands for what is not known. */
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
        String reason,
        long bytesIn,
        long bytesOut,
        long queueMs,
        long upstreamMs,
        long totalMs) {

    /** One line of JSON; whatever the client sent is escaped. */
    void appendTo(StringBuilder text) {
        new JsonLine(text)
                .field("time", time.toString())
                .field("requestId", requestId)
                .field("client", client)
                .field("namespace", namespace)
                .field("service", service)
                .field("revision", revision)
                .field("replica", replica)
                .field("protocol", protocol)
                .field("method", method)
                .field("path", path)
                .field("status", status)
                .field("reason", reason)
                .field("bytesIn", bytesIn)
                .field("bytesOut", bytesOut)
                .field("queueMs", queueMs)
                .field("upstreamMs", upstreamMs)
                .field("totalMs", totalMs)
                .end();
    }
}
