package dev.marea.wire.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;

/**
 * A request's head while its lines come in. Takes exactly the grammar of RFC 9112 without its
 * obsolete and tolerated forms: what two parsers could read in two ways is refused.
 */
final class RequestHead {
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final boolean[] TOKEN = token();

    private final HttpLimits limits;
    private final HttpMethod method;
    private final HttpVersion version;
    private final String target;
    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    private int count;

    private RequestHead(HttpLimits limits, HttpMethod method, String target, HttpVersion version) {
        this.limits = limits;
        this.method = method;
        this.target = target;
        this.version = version;
    }

    /** Begins with what HTTP/2's pseudo-headers say; the headers follow by {@link #add}. */
    static RequestHead http2(String method, String target, HttpLimits limits)
            throws RefusedRequest {
        if (!isToken(method) || !target.startsWith("/")) {
            throw new RefusedRequest(
                    Refusal.BAD_REQUEST_LINE,
                    ":method is no token, or :path begins without a slash");
        }
        return new RequestHead(
                limits, HttpMethod.valueOf(method), fitting(target, limits), CheckedRequest.HTTP_2);
    }

    /** Reads {@code METHOD SP target SP HTTP/1.x}. */
    static RequestHead start(String line, HttpLimits limits) throws RefusedRequest {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first <= 0 || last == first) {
            throw badLine();
        }
        var method = line.substring(0, first);
        var target = line.substring(first + 1, last);
        if (!isToken(method) || target.isEmpty()) {
            throw badLine();
        }
        return new RequestHead(
                limits,
                HttpMethod.valueOf(method),
                fitting(target, limits),
                version(line.substring(last + 1)));
    }

    private static String fitting(String target, HttpLimits limits) throws RefusedRequest {
        if (target.length() > limits.uriBytesMax()) {
            throw new RefusedRequest(
                    Refusal.URI_TOO_LONG,
                    "the URI is longer than " + limits.uriBytesMax() + " bytes");
        }
        return target;
    }

    private static RefusedRequest badLine() {
        return new RefusedRequest(
                Refusal.BAD_REQUEST_LINE, "the request line is not METHOD SP target SP HTTP/1.1");
    }

    private static HttpVersion version(String text) throws RefusedRequest {
        return switch (text) {
            case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
            case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
            default -> {
                boolean other = text.length() == 8 && text.startsWith("HTTP/");
                throw other
                        ? new RefusedRequest(Refusal.BAD_VERSION, "only HTTP/1.1 is spoken here")
                        : badLine();
            }
        };
    }

    /** Takes one {@code name: value} line, of a head or of a trailer. */
    void header(String line) throws RefusedRequest {
        int colon = line.indexOf(':');
        var name = line.substring(0, Math.max(colon, 0));
        if (!isToken(name)) {
            throw badHeader("a header line has no valid name before a colon, or is folded");
        }
        add(name, trimmed(line, colon + 1));
    }

    /** Takes one header whose value has no blanks around it. */
    void add(String name, String value) throws RefusedRequest {
        if (++count > limits.headersMax()) {
            throw new RefusedRequest(
                    Refusal.HEADERS_TOO_LARGE, "more than " + limits.headersMax() + " headers");
        }
        if (!isToken(name)) {
            throw badHeader("a header's name has a character that names cannot have");
        }
        if (name.indexOf('_') >= 0) {
            throw badHeader(
                    "the header name " + name + " has an underscore: it could pose as its twin");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw badHeader("the header " + name + " has a control character");
            }
        }
        headers.add(name, value);
    }

    private static String trimmed(String line, int from) {
        int start = from;
        int end = line.length();
        while (start < end && isBlank(line.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    /** Checks what needs the whole head, and makes the request. */
    CheckedRequest finish() throws RefusedRequest {
        checkHost();
        checkFraming();
        checkExpectation();
        return new CheckedRequest(version, method, path(), headers);
    }

    /** What came as trailers; they were checked like headers. */
    HttpHeaders trailers() {
        return headers;
    }

    private RequestPath path() throws RefusedRequest {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new RefusedRequest(
                        Refusal.BAD_TARGET, "the target has a character that needs encoding");
            }
        }
        if (target.charAt(0) == '/') {
            return RequestPath.parse(target);
        }
        return RequestPath.parse(originForm());
    }

    /** An absolute URI is taken if it names the same host as the Host header. */
    private String originForm() throws RefusedRequest {
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            throw new RefusedRequest(Refusal.BAD_TARGET, "the target must start with a slash");
        }
        int start = scheme + 3;
        int end = start;
        while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        var authority = target.substring(start, end);
        if (!authority.equalsIgnoreCase(headers.get(HttpHeaderNames.HOST))) {
            throw new RefusedRequest(Refusal.BAD_HOST, "the target's host is not the Host header");
        }
        var rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private void checkHost() throws RefusedRequest {
        var hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw new RefusedRequest(Refusal.BAD_HOST, "more than one Host header");
        }
        if (hosts.isEmpty()) {
            if (!version.equals(HttpVersion.HTTP_1_0)) {
                throw new RefusedRequest(Refusal.BAD_HOST, "the Host header is missing");
            }
        } else if (!isHost(hosts.getFirst())) {
            throw new RefusedRequest(Refusal.BAD_HOST, "the Host header is no host and port");
        }
    }

    private void checkFraming() throws RefusedRequest {
        var lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            checkCoding(
                    codings.size(), codings.getFirst().toLowerCase(Locale.ROOT), lengths.size());
        } else if (lengths.size() > 1) {
            throw badFraming("more than one Content-Length header");
        } else if (!lengths.isEmpty() && !isLength(lengths.getFirst())) {
            throw badFraming("Content-Length is not a plain number");
        }
    }

    private void checkCoding(int codings, String coding, int lengths) throws RefusedRequest {
        if (lengths > 0) {
            throw badFraming("Content-Length together with Transfer-Encoding");
        }
        if (codings > 1 || version.equals(HttpVersion.HTTP_1_0)) {
            throw badFraming("Transfer-Encoding twice, or in HTTP/1.0");
        }
        if (!coding.equals("chunked")) {
            throw new RefusedRequest(
                    Refusal.UNKNOWN_CODING, "the only Transfer-Encoding taken is chunked");
        }
    }

    private void checkExpectation() throws RefusedRequest {
        var expected = headers.get(HttpHeaderNames.EXPECT);
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw new RefusedRequest(
                    Refusal.UNKNOWN_EXPECTATION, "the only Expect taken is 100-continue");
        }
    }

    private static boolean isLength(String text) {
        if (text.isEmpty() || text.length() > LENGTH_DIGITS_MAX) {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isHost(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || "-._~:[]".indexOf(c) >= 0);
    }

    private static boolean isToken(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean[] token() {
        var token = new boolean[128];
        for (char c = '!'; c < 0x7f; c++) {
            token[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        return token;
    }

    private static RefusedRequest badHeader(String message) {
        return new RefusedRequest(Refusal.BAD_HEADER, message);
    }

    private static RefusedRequest badFraming(String message) {
        return new RefusedRequest(Refusal.BAD_FRAMING, message);
    }
}
