package dev.marea.storage.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One connection to one server, which carries one exchange after the other. */
final class Line implements Closeable {
    private static final Set<Integer> EMPTY = Set.of(204, 304);
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Optional<URI> proxy;
    private boolean used;
    private long idleSince = System.nanoTime();

    Line(Socket socket, Optional<URI> proxy) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 16 << 10);
        this.proxy = proxy;
    }

    /** True if it carried an exchange before: its server may have hung up meanwhile. */
    boolean used() {
        return used;
    }

    long idleNanos() {
        return System.nanoTime() - idleSince;
    }

    void send(HttpRequest request, Server server) throws IOException {
        var head = new StringBuilder(512);
        head.append(request.method())
                .append(' ')
                .append(target(request.uri()))
                .append(" HTTP/1.1\r\n");
        head.append("Host: ").append(server.authority()).append("\r\n");
        head.append("User-Agent: marea\r\n");
        if (request.headers().firstValue("Accept-Encoding").isEmpty()) {
            head.append("Accept-Encoding: identity\r\n"); // ranges and sizes are of the plain bytes
        }
        proxy.flatMap(Proxies::authorization)
                .ifPresent(
                        value -> head.append("Proxy-Authorization: ").append(value).append("\r\n"));
        request.headers()
                .map()
                .forEach((name, values) -> values.forEach(value -> field(head, name, value)));
        var content = request.bodyPublisher();
        long length = content.map(HttpRequest.BodyPublisher::contentLength).orElse(0L);
        if (length < 0) {
            field(head, "Transfer-Encoding", "chunked");
        } else if (length > 0 || WITH_BODY.contains(request.method())) {
            field(head, "Content-Length", Long.toString(length));
        }
        out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
        if (content.isPresent() && length != 0) {
            Upload.write(content.get(), out, length < 0);
        }
        out.flush();
    }

    private static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value.replaceAll("[\r\n]", " ")).append("\r\n");
    }

    private String target(URI address) {
        var path =
                address.getRawPath() == null || address.getRawPath().isEmpty()
                        ? "/"
                        : address.getRawPath();
        var query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return proxy.isPresent()
                ? "http://" + address.getRawAuthority() + path + query
                : path + query;
    }

    /**
     * Reads the head of the answer; its body is read by whoever closes it.
     *
     * @param idle takes the connection when the body was read to its end and it may be used again
     */
    Reply receive(HttpRequest request, Consumer<Line> idle) throws IOException {
        var head = Head.read(in);
        long length = length(head);
        boolean empty = request.method().equals("HEAD") || EMPTY.contains(head.status());
        boolean chunked = head.headers().firstValue("Transfer-Encoding").isPresent();
        var end = new End(this, head.persistent() && (empty || chunked || length >= 0), idle);
        InputStream body;
        if (empty) {
            body = new SizedBody(in, 0, end);
        } else if (chunked) {
            body = new ChunkedBody(in, end);
        } else {
            body = length >= 0 ? new SizedBody(in, length, end) : new OpenBody(in, end);
        }
        return new Reply(head.status(), head.headers(), chunked ? -1 : length, body, request.uri());
    }

    private static long length(Head head) throws IOException {
        var coding = head.headers().allValues("Transfer-Encoding");
        if (!coding.isEmpty() && !coding.equals(java.util.List.of("chunked"))) {
            throw new ProtocolException(
                    "the answer is coded as " + coding + ", which was not asked for");
        }
        var lengths = Set.copyOf(head.headers().allValues("Content-Length"));
        if (lengths.isEmpty()) {
            return -1;
        }
        var length = lengths.iterator().next();
        if (lengths.size() > 1 || !length.matches("[0-9]{1,18}") || !coding.isEmpty()) {
            throw new ProtocolException("the answer has more than one length: " + lengths);
        }
        return Long.parseLong(length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What becomes of the connection when a body is over. */
    static final class End {
        private final Line line;
        private final boolean reusable;
        private final Consumer<Line> idle;
        private boolean over;

        private End(Line line, boolean reusable, Consumer<Line> idle) {
            this.line = line;
            this.reusable = reusable;
            this.idle = idle;
        }

        void whole() throws IOException {
            if (over) {
                return;
            }
            over = true;
            if (reusable) {
                line.used = true;
                line.idleSince = System.nanoTime();
                idle.accept(line);
            } else {
                line.close();
            }
        }

        /** What is left of the body is not worth reading. */
        void broken() throws IOException {
            if (!over) {
                over = true;
                line.close();
            }
        }
    }
}
