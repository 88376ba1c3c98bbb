package dev.marea.wire.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** HTTP/2's heads to those of HTTP/1.1 and back, so that nobody behind the door needs both. */
final class Http2Heads {
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    private Http2Heads() {}

    /**
     * A request's head after the codec's checks (order and kind of pseudo-headers, lower case,
     * nothing about connections).
     *
     * @param whole nothing follows; otherwise a body without a length is called chunked, for its
     *     end will be told
     */
    static CheckedRequest request(Http2Headers in, boolean whole, HttpLimits limits)
            throws RefusedRequest {
        checkPseudo(in);
        var head = RequestHead.http2(text(in.method()), text(in.path()), limits);
        if (in.authority() != null) {
            head.add("host", text(in.authority()));
        }
        var cookie = new StringBuilder();
        for (var header : in) {
            var name = header.getKey().toString();
            if (name.equals("cookie")) {
                cookie.append(cookie.isEmpty() ? "" : "; ").append(header.getValue());
            } else if (!isPseudo(name) && !isHostAgain(name, header.getValue(), in.authority())) {
                add(head, name, header.getValue());
            }
        }
        if (!cookie.isEmpty()) {
            head.add("cookie", cookie.toString());
        }
        return framed(head.finish(), whole, limits);
    }

    private static CheckedRequest framed(CheckedRequest request, boolean whole, HttpLimits limits)
            throws RefusedRequest {
        var length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > limits.bodyBytesMax()) {
            throw RequestDecoder.tooLarge(limits);
        }
        if (length == null && !whole) {
            request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return request;
    }

    private static void checkPseudo(Http2Headers in) throws RefusedRequest {
        int expected = in.authority() == null ? 3 : 4;
        int seen = 0;
        for (var header : in) {
            seen += isPseudo(header.getKey()) ? 1 : 0;
        }
        if (in.method() == null || in.path() == null || in.scheme() == null || seen != expected) {
            throw new RefusedRequest(
                    Refusal.BAD_REQUEST_LINE,
                    "need :method, :scheme and :path once each, and :authority at most once");
        }
    }

    /** The older name of {@code :authority} may come beside it if it says the same. */
    private static boolean isHostAgain(
            String name, CharSequence value, @Nullable CharSequence authority)
            throws RefusedRequest {
        if (authority == null || !name.equals("host")) {
            return false;
        }
        if (!AsciiString.contentEqualsIgnoreCase(value, authority)) {
            throw new RefusedRequest(Refusal.BAD_HOST, "host and :authority differ");
        }
        return true;
    }

    private static void add(RequestHead head, String name, CharSequence value)
            throws RefusedRequest {
        int length = value.length();
        if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
            throw new RefusedRequest(
                    Refusal.BAD_HEADER, "the header " + name + " has blanks around its value");
        }
        head.add(name, value.toString());
    }

    /** A request's trailers, checked like its headers. */
    static HttpHeaders trailers(Http2Headers in, HttpLimits limits) throws RefusedRequest {
        var head = RequestHead.http2("GET", "/", limits);
        for (var header : in) {
            add(head, header.getKey().toString(), header.getValue());
        }
        return head.trailers();
    }

    static Http2Headers answer(HttpResponse answer) {
        var headers = answer.headers();
        var out = new DefaultHttp2Headers(false, headers.size() + 1);
        out.status(answer.status().codeAsText());
        copy(headers, out);
        return out;
    }

    static Http2Headers trailers(LastHttpContent last) {
        var out = new DefaultHttp2Headers(false, last.trailingHeaders().size());
        copy(last.trailingHeaders(), out);
        return out;
    }

    /** A request's head for another server. */
    static Http2Headers request(HttpRequest request) {
        var headers = request.headers();
        var out = new DefaultHttp2Headers(false, headers.size() + 4);
        out.method(request.method().asciiName()).scheme(HTTP).path(request.uri());
        String host = headers.get(HttpHeaderNames.HOST);
        if (host != null) {
            out.authority(host);
        }
        copy(headers, out);
        if (Grpc.is(request)) {
            out.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        return out;
    }

    /** Another server's answer after the codec's checks. */
    static DefaultHttpResponse answer(Http2Headers in) {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.parseLine(in.status()), plain(in));
    }

    /** An answer's headers or trailers. */
    static HttpHeaders plain(Http2Headers in) {
        var out = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (var header : in) {
            if (!isPseudo(header.getKey())) {
                out.add(header.getKey(), header.getValue());
            }
        }
        return out;
    }

    private static void copy(HttpHeaders from, Http2Headers to) {
        for (Iterator<Entry<CharSequence, CharSequence>> it = from.iteratorCharSequence();
                it.hasNext(); ) {
            var header = it.next();
            var name = AsciiString.of(header.getKey()).toLowerCase();
            if (!isOfConnection(name)) {
                to.add(name, header.getValue());
            }
        }
    }

    /** What HTTP/2 forbids, because its frames or pseudo-headers say it. */
    private static boolean isOfConnection(AsciiString name) {
        return name.equals(HttpHeaderNames.CONNECTION)
                || name.equals(HttpHeaderNames.TRANSFER_ENCODING)
                || name.equals(HttpHeaderNames.UPGRADE)
                || name.equals(HttpHeaderNames.HOST)
                || name.equals(KEEP_ALIVE)
                || name.equals(PROXY_CONNECTION);
    }

    private static boolean isPseudo(CharSequence name) {
        return name.length() > 0 && name.charAt(0) == ':';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }
}
