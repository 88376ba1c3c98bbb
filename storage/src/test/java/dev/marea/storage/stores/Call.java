package dev.marea.storage.stores;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One request to a fake store, and the ways to answer it. */
final class Call {
    private final FakeStore store;
    private final HttpExchange exchange;

    Call(FakeStore store, HttpExchange exchange) {
        this.store = store;
        this.exchange = exchange;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** Decoded. */
    String path() {
        return exchange.getRequestURI().getPath();
    }

    String rawPath() {
        return exchange.getRequestURI().getRawPath();
    }

    /** The part of the path after a beginning, if it begins so. */
    Optional<String> after(String beginning) {
        return path().startsWith(beginning)
                ? Optional.of(path().substring(beginning.length()))
                : Optional.empty();
    }

    String query(String name) {
        return query().getOrDefault(name, "");
    }

    Map<String, String> query() {
        var query = new TreeMap<String, String>();
        var raw = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        for (var pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    byte[] body() throws IOException {
        return exchange.getRequestBody().readAllBytes();
    }

    Call with(String header, String value) {
        exchange.getResponseHeaders().set(header, value);
        return this;
    }

    void send(int status, String text) throws IOException {
        send(status, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(int status, byte[] bytes) throws IOException {
        if (method().equals("HEAD")) {
            with("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A refusal in words that every reader of a store's understands. */
    void refuse(int status, String code, String message) throws IOException {
        with("Content-Type", "application/json");
        send(
                status,
                "{\"error\": {\"code\": \"%s\", \"message\": \"%s\"}}".formatted(code, message));
    }

    void redirect(String to) throws IOException {
        with("Location", to);
        send(307, "");
    }

    /** As a good server sends a file: ranges, a tag, If-Match. */
    void file(byte[] content, boolean tagged) throws IOException {
        var tag = "\"" + FakeStore.md5(content) + "\"";
        if (tagged) {
            with("ETag", tag);
            if (!header("If-Match").isEmpty() && !header("If-Match").equals(tag)) {
                refuse(412, "PreconditionFailed", "it changed");
                return;
            }
        }
        var range = header("Range");
        if (range.isEmpty() || method().equals("HEAD")) {
            send(200, content);
            return;
        }
        int from = Integer.parseInt(range.substring(6, range.indexOf('-')));
        var end = range.substring(range.indexOf('-') + 1);
        int to =
                end.isEmpty()
                        ? content.length - 1
                        : Math.min(content.length - 1, Integer.parseInt(end));
        with("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
        send(206, java.util.Arrays.copyOfRange(content, from, to + 1));
    }

    /** Says a length and hangs up before it. */
    void cut(byte[] content) throws IOException {
        with("ETag", "\"" + FakeStore.md5(content) + "\"");
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content, 0, content.length / 2);
        exchange.getResponseBody().flush();
        throw new IOException("cut");
    }

    FakeStore store() {
        return store;
    }
}
