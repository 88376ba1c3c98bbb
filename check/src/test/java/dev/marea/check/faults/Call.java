package dev.marea.check.faults;

import com.sun.net.httpserver.HttpExchange;
import dev.marea.wire.json.JsonReader;
import java.util.Optional;
import java.util.Set;

/**
 * A request that came by.
 *
 * @param plural of the kind that it is about
 * @param namespace empty for what is cluster-wide
 * @param name empty for a collection
 * @param write counts the writes from 1; a call that is none has the number of the last one
 */
record Call(
        String method,
        String path,
        String query,
        String plural,
        String namespace,
        String name,
        String authorization,
        long write) {
    private static final Set<String> READS = Set.of("GET", "HEAD");

    static boolean writes(HttpExchange exchange) {
        return !READS.contains(exchange.getRequestMethod());
    }

    /** The name of what is created stands in its tree. */
    static Call of(HttpExchange exchange, byte[] body, long write) {
        var uri = exchange.getRequestURI();
        var path = uri.getRawPath();
        var query = Optional.ofNullable(uri.getRawQuery()).orElse("");
        // /api/v1/... or /apis/GROUP/VERSION/...
        var parts = path.split("/", -1);
        int at = parts.length > 1 && parts[1].equals("apis") ? 4 : 3;
        var namespace = "";
        if (parts.length > at + 2 && parts[at].equals("namespaces")) {
            namespace = parts[at + 1];
            at += 2;
        }
        return new Call(
                exchange.getRequestMethod(),
                path,
                query,
                parts.length > at ? parts[at] : "",
                namespace,
                parts.length > at + 1 ? parts[at + 1] : created(exchange, body),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse(""),
                write);
    }

    private static String created(HttpExchange exchange, byte[] body) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return "";
        }
        try {
            return JsonReader.read(body).text("metadata", "name").orElse("");
        } catch (JsonReader.MalformedJson notJson) {
            return "";
        }
    }

    boolean isWrite() {
        return !READS.contains(method);
    }

    boolean isWatch() {
        return query.contains("watch=true");
    }

    boolean isList() {
        return method.equals("GET") && name.isEmpty() && !isWatch();
    }
}
