package dev.marea.gateway;

import dev.marea.core.spec.ServiceId;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Grpc;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The head that a replica gets; most of it is the same for every try. */
final class Forwarded {
    private final CheckedRequest request;
    private final ClientConnection client;
    private final boolean grpc;
    private String target;
    private @Nullable HttpHeaders headers;
    private long growth;

    Forwarded(CheckedRequest request, ClientConnection client) {
        this.request = request;
        this.client = client;
        this.grpc = request.isHttp2() && Grpc.is(request);
        this.target = request.uri();
    }

    /** Whether it is gRPC, which knows trailers and needs HTTP/2 all the way. */
    boolean grpc() {
        return grpc;
    }

    /** What is left of the target once its service is known. */
    void target(String inService) {
        target = inService;
    }

    String target() {
        return target;
    }

    /** The body that goes on is longer by this than the one that came. */
    void grown(long bytes) {
        growth = bytes;
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    boolean needsHttp2(Backend to) {
        return grpc || to.replica().http2();
    }

    DefaultHttpRequest head(Backend to, ServiceId service, String requestId, Patience patience) {
        var ready = headers;
        if (ready == null) {
            ready =
                    Headers.toReplica(
                            request.headers(), service, client.address(), client.tls(), requestId);
            headers = ready;
            if (growth != 0 && ready.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                long length = Long.parseLong(ready.get(HttpHeaderNames.CONTENT_LENGTH));
                ready.set(HttpHeaderNames.CONTENT_LENGTH, length + growth);
            }
        }
        ready.set(HttpHeaderNames.HOST, to.hostHeader());
        if (grpc && ready.contains(Grpc.TIMEOUT)) {
            long left = TimeUnit.NANOSECONDS.toMicros(patience.clientLeft());
            ready.set(Grpc.TIMEOUT, left < 100_000_000 ? left + "u" : left / 1_000_000 + "S");
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), target, ready);
    }
}
