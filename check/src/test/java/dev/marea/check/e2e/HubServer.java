package dev.marea.check.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A small Hub: one repository, {@code acme/iris}, behind a token; what is large is kept by a second
 * host, to which it redirects, as the real one does.
 */
final class HubServer implements AutoCloseable {
    static final String TOKEN = "hf_of-this-suite";
    static final String COMMIT = "5f0c6a3d2b1e4f5a6b7c8d9e0f1a2b3c4d5e6f70";

    private final Path model;
    private final HttpServer hub;
    private final HttpServer bulk;

    /** The credentials that reached the second host: there must be none. */
    final List<String> leaked = new CopyOnWriteArrayList<>();

    HubServer(Path model) throws IOException {
        this.model = model;
        hub = open(this::answer);
        bulk = open(this::send);
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private static HttpServer open(Answer answer) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        answer.to(exchange);
                    }
                });
        server.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var held = exchange.getRequestHeaders().getFirst("Authorization");
        if (!("Bearer " + TOKEN).equals(held)) {
            exchange.getResponseHeaders().set("X-Error-Code", "GatedRepo");
            exchange.getResponseHeaders()
                    .set("X-Error-Message", "Access to model acme/iris is restricted");
            exchange.sendResponseHeaders(401, -1);
        } else if (path.equals("/api/models/acme/iris/revision/main")
                || path.equals("/api/models/acme/iris/revision/" + COMMIT)) {
            reply(exchange, 200, facts().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } else if (path.startsWith("/acme/iris/resolve/" + COMMIT + "/")) {
            resolve(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else {
            exchange.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        var content = Files.readAllBytes(model.resolve(name));
        if (!name.endsWith(".pkl")) {
            range(exchange, content);
            return;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("X-Repo-Commit", COMMIT);
        headers.set("X-Linked-Size", Integer.toString(content.length));
        headers.set("X-Linked-Etag", "\"" + sha256(content) + "\"");
        headers.set(
                "Location",
                "http://127.0.0.1:" + bulk.getAddress().getPort() + "/" + name + "?Signature=once");
        exchange.sendResponseHeaders(302, -1);
    }

    private void send(HttpExchange exchange) throws IOException {
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .ifPresent(leaked::add);
        var name = exchange.getRequestURI().getPath().substring(1);
        range(exchange, Files.readAllBytes(model.resolve(name)));
    }

    private String facts() throws IOException {
        var siblings = new StringBuilder();
        try (var files = Files.list(model)) {
            for (var file : (Iterable<Path>) files.sorted()::iterator) {
                var content = Files.readAllBytes(file);
                var lfs =
                        file.toString().endsWith(".pkl")
                                ? ", \"lfs\": {\"sha256\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                                        .formatted(sha256(content), content.length)
                                : "";
                siblings.append(siblings.isEmpty() ? "" : ", ")
                        .append(
                                "{\"rfilename\": \"%s\", \"size\": %d%s}"
                                        .formatted(file.getFileName(), content.length, lfs));
            }
        }
        return "{\"id\": \"acme/iris\", \"sha\": \"%s\", \"siblings\": [%s]}"
                .formatted(COMMIT, siblings);
    }

    private static void range(HttpExchange exchange, byte[] content) throws IOException {
        var range = exchange.getRequestHeaders().getFirst("Range");
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        if (range == null) {
            reply(exchange, 200, content);
            return;
        }
        var ends = range.substring("bytes=".length()).split("-", -1);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? content.length - 1 : Integer.parseInt(ends[1]);
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
        reply(exchange, 206, Arrays.copyOfRange(content, from, to + 1));
    }

    private static void reply(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        bulk.stop(0);
    }
}
