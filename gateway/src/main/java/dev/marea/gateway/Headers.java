package dev.marea.gateway;

import dev.marea.core.spec.ServiceId;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What headers become on their way: hop-by-hop ones end here, and nobody poses as the edge. */
final class Headers {
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    static final AsciiString REASON = AsciiString.cached("x-marea-reason");
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString ISVC_NAME = AsciiString.cached("KServe-Isvc-Name");
    private static final AsciiString ISVC_NAMESPACE = AsciiString.cached("KServe-Isvc-Namespace");

    /** Knative's header, by which a request asks for the revision of a tag. */
    private static final AsciiString TAG = AsciiString.cached("Knative-Serving-Tag");

    private static final int REQUEST_ID_MAX = 128;

    /** What a replica may not tell the client, beside what its Connection header names. */
    private static final AsciiString[] HOP_BY_HOP = {
        AsciiString.cached("connection"),
        AsciiString.cached("keep-alive"),
        AsciiString.cached("proxy-connection"),
        AsciiString.cached("te"),
        AsciiString.cached("trailer"),
        AsciiString.cached("upgrade")
    };

    private Headers() {}

    /** A request's headers for the replica, but for Host, which depends on the replica. */
    static HttpHeaders toReplica(
            HttpHeaders in, ServiceId service, String client, boolean tls, String requestId) {
        var out = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        Set<String> named = namedByConnection(in);
        for (Iterator<Entry<CharSequence, CharSequence>> it = in.iteratorCharSequence();
                it.hasNext(); ) {
            var header = it.next();
            if (!endsHere(header.getKey()) && !isNamed(header.getKey(), named)) {
                out.add(header.getKey(), header.getValue());
            }
        }
        out.set(REQUEST_ID, requestId);
        out.set(FORWARDED_FOR, client);
        out.set(FORWARDED_PROTO, tls ? "https" : "http");
        String host = in.get(HttpHeaderNames.HOST);
        if (host != null) {
            out.set(FORWARDED_HOST, host);
        }
        out.set(ISVC_NAME, service.name());
        out.set(ISVC_NAMESPACE, service.namespace());
        return out;
    }

    /** Takes from a replica's answer what was meant for this connection only. */
    static void toClient(HttpHeaders answer) {
        for (var name : namedByConnection(answer)) {
            answer.remove(name);
        }
        for (var name : HOP_BY_HOP) {
            answer.remove(name);
        }
        answer.remove(REASON);
    }

    /** The client's own id if it is harmless in logs and headers, else a new one. */
    static String requestId(HttpHeaders in, Chance chance) {
        String given = in.get(REQUEST_ID);
        return given != null && sane(given) ? given : fresh(chance);
    }

    static Optional<String> tag(HttpHeaders in) {
        return Optional.ofNullable(in.get(TAG));
    }

    private static String fresh(Chance chance) {
        return hex(chance.bits()) + hex(chance.bits());
    }

    private static String hex(long bits) {
        String text = Long.toHexString(bits);
        return "0".repeat(16 - text.length()) + text;
    }

    private static boolean sane(String id) {
        if (id.isEmpty() || id.length() > REQUEST_ID_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && "-_.:/+=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Hop-by-hop by RFC 9110 (but for Transfer-Encoding: the body goes on as it came), or set at
     * the edge and by nobody else. By the first letter, since this is asked for every header.
     */
    private static boolean endsHere(CharSequence name) {
        return switch (name.charAt(0) | 0x20) {
            case 'c' -> is(name, "connection");
            case 'e' -> is(name, "expect");
            case 'f' -> is(name, "forwarded");
            case 'h' -> is(name, "host");
            case 'k' ->
                    is(name, "keep-alive")
                            || begins(name, "k-")
                            || begins(name, "knative-")
                            || begins(name, "kserve-isvc-")
                            || begins(name, "kubeflow-");
            case 'p' -> begins(name, "proxy-");
            case 't' -> is(name, "te") || is(name, "trailer");
            case 'u' -> is(name, "upgrade");
            case 'x' ->
                    is(name, "x-request-id")
                            || is(name, "x-real-ip")
                            || begins(name, "x-forwarded-")
                            || begins(name, "x-gateway-")
                            || begins(name, "x-marea-");
            default -> false;
        };
    }

    private static boolean is(CharSequence name, String ours) {
        return AsciiString.contentEqualsIgnoreCase(name, ours);
    }

    private static boolean begins(CharSequence name, String ours) {
        return AsciiString.regionMatchesAscii(name, true, 0, ours, 0, ours.length());
    }

    private static boolean isNamed(CharSequence name, Set<String> named) {
        return !named.isEmpty() && named.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    /** Connection may name headers to drop; what frames the message is not theirs to name. */
    private static Set<String> namedByConnection(HttpHeaders headers) {
        var values = headers.getAll(HttpHeaderNames.CONNECTION);
        if (values.isEmpty()) {
            return Set.of();
        }
        var named = new TreeSet<String>();
        for (var value : values) {
            for (var token : value.split(",", -1)) {
                named.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        named.removeAll(
                Set.of("", "close", "keep-alive", "content-length", "transfer-encoding", "host"));
        return named;
    }
}
