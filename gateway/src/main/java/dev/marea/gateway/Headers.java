package dev.marea.gateway;

import dev.marea.core.spec.ServiceId;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map.Entry;
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

    private static final int REQUEST_ID_MAX = 128;

    /** Ended here by RFC 9110; Transfer-Encoding stays, since the body goes on as it came. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade");

    /** Set at the edge, or by nobody: 100-continue is answered here, and Host names the replica. */
    private static final Set<String> OURS =
            Set.of(
                    "host",
                    "expect",
                    "x-request-id",
                    "forwarded",
                    "x-real-ip",
                    "kubeflow-userid",
                    "kubeflow-groups");

    private static final String[] OUR_PREFIXES = {
        "x-forwarded-", "x-gateway-", "x-marea-", "knative-", "k-", "kserve-isvc-", "proxy-"
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
            if (!stays(header.getKey(), named)) {
                continue;
            }
            out.add(header.getKey(), header.getValue());
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
        HOP_BY_HOP.forEach(answer::remove);
        answer.remove(REASON);
    }

    /** The client's own id if it is harmless in logs and headers, else a new one. */
    static String requestId(HttpHeaders in, Chance chance) {
        String given = in.get(REQUEST_ID);
        return given != null && sane(given) ? given : fresh(chance);
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

    private static boolean stays(CharSequence name, Set<String> named) {
        // Most headers begin with a letter that none of ours has: they cost one comparison.
        char first = (char) (name.charAt(0) | 0x20);
        boolean suspect = "chektupfx".indexOf(first) >= 0;
        if (!suspect && named.isEmpty()) {
            return true;
        }
        String lower = name.toString().toLowerCase(Locale.ROOT);
        if (HOP_BY_HOP.contains(lower) || OURS.contains(lower) || named.contains(lower)) {
            return false;
        }
        for (var prefix : OUR_PREFIXES) {
            if (lower.startsWith(prefix)) {
                return false;
            }
        }
        return true;
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
