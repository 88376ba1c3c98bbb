package dev.marea.wire.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A client of raw bytes. */
final class Wire implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    final Socket socket;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(5_000);
    }

    static String exchange(int port, String bytes) throws IOException {
        try (var wire = new Wire(port)) {
            wire.send(bytes);
            return wire.readAll();
        }
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    static String lastGet(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    static String head(String path, String connection) {
        return "HEAD %s HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n".formatted(path, connection);
    }

    static List<String> statuses(String answer) {
        return STATUS.matcher(answer).results().map(m -> m.group(1)).toList();
    }

    void send(String bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException _) {
            // the door may close while we still write; what it answered is read next
        }
    }

    /** Everything until the other side closes. */
    String readAll() throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketTimeoutException late) {
            throw new AssertionError(
                    "still open after: " + all.toString(StandardCharsets.ISO_8859_1), late);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    String readUntil(String end) throws IOException {
        var all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new AssertionError("closed after: " + all);
            }
            all.append((char) b);
        }
        return all.toString();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
