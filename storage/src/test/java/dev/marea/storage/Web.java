package dev.marea.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server whose every byte a test decides: no library between us and a bad answer. */
public final class Web implements AutoCloseable {
    private final ServerSocket door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** What was asked. */
    public record Request(String method, String path, Map<String, String> headers, Socket socket) {
        public boolean head() {
            return method.equals("HEAD");
        }

        /** The first byte of the range, 0 if none was asked for. */
        public long from() {
            var range = headers.getOrDefault("range", "bytes=0-");
            return Long.parseLong(range.substring(6, range.indexOf('-')));
        }

        /** The last byte of the range. */
        public long to(long size) {
            var range = headers.getOrDefault("range", "bytes=0-");
            var end = range.substring(range.indexOf('-') + 1);
            return end.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(end));
        }

        public boolean ranged() {
            return headers.containsKey("range");
        }
    }

    /** Writes the answer, head and all; the connection stays open if it returns true. */
    @FunctionalInterface
    public interface Answer {
        boolean to(Request request, OutputStream out) throws IOException;
    }

    public Web() throws IOException {
        door = new ServerSocket();
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads.execute(this::accept);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var socket = door.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            while (true) {
                var line = in.readLine();
                if (line == null) {
                    return;
                }
                var headers = new LinkedHashMap<String, String>();
                for (var h = in.readLine(); h != null && !h.isEmpty(); h = in.readLine()) {
                    int colon = h.indexOf(':');
                    headers.put(
                            h.substring(0, colon).toLowerCase(Locale.ROOT),
                            h.substring(colon + 1).strip());
                }
                var words = line.split(" ", -1);
                var request = new Request(words[0], words[1], headers, socket);
                requests.add(request);
                var answer =
                        answers.getOrDefault(
                                words[1].replaceAll("\\?.*", ""),
                                (_, out) -> write(out, 404, "", "<Message>no such key</Message>"));
                if (!answer.to(request, socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException gone) {
            // the client hung up, as some tests want
        }
    }

    public Web on(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /** Serves bytes as a good server does: ranges, a tag, If-Match. */
    public Web file(String path, byte[] content) {
        return on(path, file(content, "\"v1\""));
    }

    public static Answer file(byte[] content, String tag) {
        return (request, out) -> {
            var wanted = request.headers().get("if-match");
            if (wanted != null && !wanted.equals(tag)) {
                return write(out, 412, "ETag: " + tag + "\r\n", "");
            }
            return range(request, out, content, "ETag: " + tag + "\r\n");
        };
    }

    public static boolean range(Request request, OutputStream out, byte[] content, String headers)
            throws IOException {
        int from = (int) request.from();
        int to = (int) request.to(content.length);
        if (request.ranged() && from >= content.length) {
            return write(out, 416, headers, "");
        }
        var head =
                request.ranged()
                        ? "HTTP/1.1 206 Partial\r\nContent-Range: bytes "
                                + from
                                + "-"
                                + to
                                + "/"
                                + content.length
                                + "\r\n"
                        : "HTTP/1.1 200 OK\r\n";
        send(out, head + headers + "Content-Length: " + (to - from + 1) + "\r\n\r\n");
        if (!request.head()) {
            out.write(content, from, to - from + 1);
            out.flush();
        }
        return true;
    }

    public static boolean write(OutputStream out, int status, String headers, String body)
            throws IOException {
        send(
                out,
                "HTTP/1.1 "
                        + status
                        + " Said\r\n"
                        + headers
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
        return true;
    }

    public static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Those that asked for content. */
    public List<Request> gets(String path) {
        return requests.stream()
                .filter(r -> r.method().equals("GET") && r.path().equals(path))
                .toList();
    }

    public int port() {
        return door.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
