package dev.marea.storage.stores;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A store with files of a model, spoken to in the shape of some protocol, and its troubles. */
final class FakeStore implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Shape shape;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger contents = new AtomicInteger();

    /** By their path in the store; the model is what lies below {@code models/iris/}. */
    final Map<String, byte[]> files = new ConcurrentSkipListMap<>();

    /** What happens to an answer with content, by its number from 1. */
    volatile Trouble trouble = (_, _, _) -> false;

    /** Which requests are answered with a status, and with which. */
    volatile Refusal refusal = _ -> 0;

    record Asked(String method, URI uri, Map<String, List<String>> headers) {
        boolean has(String header) {
            return headers.keySet().stream().anyMatch(header::equalsIgnoreCase);
        }
    }

    @FunctionalInterface
    interface Trouble {
        /** Whether it has answered. */
        boolean meets(int number, Call call, byte[] content) throws IOException;
    }

    @FunctionalInterface
    interface Refusal {
        /** A status, or 0 to answer. */
        int of(Asked request);
    }

    FakeStore(Shape shape) throws IOException {
        this.shape = shape;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request =
                    new Asked(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            new TreeMap<>(Map.copyOf(exchange.getRequestHeaders())));
            asked.add(request);
            var call = new Call(this, exchange);
            int status = refusal.of(request);
            if (status == 0) {
                shape.answer(this, call);
            } else {
                call.refuse(status, "Refused", "The store's own words");
            }
        } catch (IOException gone) {
            // the client hung up, or the test cut the answer
        }
    }

    /** Sends a file's bytes, or what the test wants instead. */
    void content(Call call, byte[] content) throws IOException {
        if (call.method().equals("HEAD") || !troubled(call, content)) {
            call.file(content, true);
        }
    }

    /** Whether the test has answered. */
    boolean troubled(Call call, byte[] content) throws IOException {
        return trouble.meets(contents.incrementAndGet(), call, content);
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    long count(Predicate<Asked> which) {
        return asked.stream().filter(which).count();
    }

    static String md5(byte[] content) {
        return HexFormat.of().formatHex(digest("MD5", content));
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest("SHA-256", content));
    }

    static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
