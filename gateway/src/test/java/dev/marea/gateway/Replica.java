package dev.marea.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A model server made of plain sockets, which can be rude, slow, or killed. */
final class Replica implements AutoCloseable {
    /** One request as it arrived. */
    record Seen(String line, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** What the replica does with a request; false ends the connection. */
    interface Behaviour {
        boolean serve(Seen request, Socket socket) throws IOException, InterruptedException;
    }

    final String name;
    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final AtomicInteger busy = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger broken = new AtomicInteger();
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Behaviour behaviour;

    Replica(String name, Behaviour behaviour) {
        this(name, 0, behaviour);
    }

    Replica(String name, int port, Behaviour behaviour) {
        this.name = name;
        this.behaviour = behaviour;
        listening = listen(port);
        Thread.ofVirtual().start(this::accept);
    }

    /** A port that was just freed by a kill may stay taken for a moment. */
    private static ServerSocket listen(int port) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (true) {
            try {
                return new ServerSocket(port, 1_000, InetAddress.getLoopbackAddress());
            } catch (IOException failed) {
                if (System.nanoTime() > deadline) {
                    throw new java.io.UncheckedIOException(failed);
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Answers every request with its own name. */
    static Replica polite(String name) {
        return new Replica(name, (_, socket) -> answer(socket, name));
    }

    static boolean answer(Socket socket, String body) throws IOException {
        write(
                socket,
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
        return true;
    }

    static void write(Socket socket, String bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** As after kill -9: the port is closed and every connection is reset. */
    void kill() {
        try {
            listening.close();
            for (var socket : open) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException ignored) {
            // it is dying anyway
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listening.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> converse(socket));
            }
        } catch (IOException closed) {
            // killed
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            for (var request = read(in); request != null; request = read(in)) {
                seen.add(request);
                busy.incrementAndGet();
                try {
                    if (!behaviour.serve(request, socket)) {
                        return;
                    }
                } finally {
                    busy.decrementAndGet();
                }
            }
        } catch (IOException gone) {
            broken.incrementAndGet();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private static @Nullable Seen read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        var headers = new TreeMap<String, String>();
        for (String h = line(in); h != null && !h.isEmpty(); h = line(in)) {
            int colon = h.indexOf(':');
            headers.merge(
                    h.substring(0, colon).toLowerCase(Locale.ROOT),
                    h.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Seen(line, headers, body(in, headers));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            var all = new ByteArrayOutputStream();
            for (int n = chunk(in); n > 0; n = chunk(in)) {
                all.write(in.readNBytes(n));
                line(in);
            }
            line(in);
            return all.toByteArray();
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new java.io.EOFException("the body ended early");
        }
        return bytes;
    }

    private static int chunk(InputStream in) throws IOException {
        String size = line(in);
        if (size == null) {
            throw new java.io.EOFException("the body ended early");
        }
        return Integer.parseInt(size, 16);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var text = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return text.toString();
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return null;
    }
}
