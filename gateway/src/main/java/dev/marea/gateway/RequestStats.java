package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Grpc;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of one request while it passes: its times and sizes, for metrics and access line.
 */
final class RequestStats {
    private final GatewayContext gateway;
    private final CheckedRequest request;
    private final String client;
    private final String requestId;
    private final Instant time;
    private final long arrived = System.nanoTime();
    private @Nullable ServiceId service;
    private @Nullable RevisionPool pool;
    private String replica = "";
    private long waitingSince;
    private long waited;
    private boolean hasWaited;
    private long sent;
    private long bytesOut;

    RequestStats(GatewayContext gateway, CheckedRequest request, String client, String requestId) {
        this.gateway = gateway;
        this.request = request;
        this.client = client;
        this.requestId = requestId;
        this.time = gateway.clock().instant();
    }

    String requestId() {
        return requestId;
    }

    long arrived() {
        return arrived;
    }

    void service(ServiceId id) {
        service = id;
    }

    void pool(RevisionPool chosen) {
        pool = chosen;
    }

    void waits() {
        waitingSince = System.nanoTime();
        hasWaited = true;
    }

    void waitsNoMore() {
        if (waitingSince != 0) {
            waited += System.nanoTime() - waitingSince;
            waitingSince = 0;
        }
    }

    void sent(Backend backend) {
        replica = backend.replica().name();
        sent = System.nanoTime();
    }

    void out(long bytes) {
        bytesOut += bytes;
    }

    /** gRPC's failures are counted by the codes that HTTP would have had for them. */
    void end(int status, int grpcStatus, @Nullable Reason reason, long bytesIn) {
        long now = System.nanoTime();
        waitsNoMore();
        count(grpcStatus == Reply.NO_GRPC ? status : Grpc.httpStatus(grpcStatus), reason, now);
        ServiceId id = service;
        gateway.access()
                .add(
                        new AccessLine(
                                time,
                                requestId,
                                client,
                                id == null ? "" : id.namespace(),
                                id == null ? "" : id.name(),
                                pool == null ? "" : pool.revision(),
                                replica,
                                request.protocolVersion().text(),
                                request.method().name(),
                                request.path().path(),
                                status,
                                grpcStatus,
                                reason == null ? "" : reason.wireName(),
                                bytesIn,
                                bytesOut,
                                millis(waited),
                                sent == 0 ? 0 : millis(now - sent),
                                millis(now - arrived)));
    }

    private void count(int status, @Nullable Reason reason, long now) {
        gateway.metrics().answered.increment();
        RevisionPool at = pool;
        if (at != null) {
            at.metrics().answered(status, seconds(now - arrived));
            if (hasWaited) {
                at.metrics().waited(seconds(waited));
            }
            if (reason != null) {
                at.metrics().refused(reason);
            }
        } else if (reason != null) {
            // Names that lead nowhere are the client's to invent: they make no series.
            gateway.metrics().refused("", "", reason);
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
