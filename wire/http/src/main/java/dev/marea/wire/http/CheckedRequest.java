package dev.marea.wire.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/**
 * The head of a request that passed every check. {@code uri()} is already normalised: routing,
 * authorisation and forwarding see the same path.
 */
public final class CheckedRequest extends DefaultHttpRequest {
    static final HttpVersion HTTP_2 = HttpVersion.valueOf("HTTP/2.0");

    private final RequestPath path;

    CheckedRequest(HttpVersion version, HttpMethod method, RequestPath path, HttpHeaders headers) {
        super(version, method, path.target(), headers);
        this.path = path;
    }

    public RequestPath path() {
        return path;
    }

    /** Whether it came on an HTTP/2 stream, which is then all of its channel. */
    public boolean isHttp2() {
        return protocolVersion().majorVersion() == 2;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
