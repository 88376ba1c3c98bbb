package dev.marea.check.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP CONNECT proxy whose connections can be cut, whatever they carry and wherever to. */
final class Cable implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Cable() throws IOException {
        threads.execute(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Cuts what is connected now, and tells how many connections that were. */
    int cut() throws IOException {
        var now = List.copyOf(ends);
        ends.removeAll(now);
        for (var end : now) {
            end.close();
        }
        return now.size() / 2;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var near = door.accept();
                threads.execute(() -> connect(near));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void connect(Socket near) {
        try {
            var target = target(near.getInputStream());
            int colon = target.lastIndexOf(':');
            var far =
                    new Socket(
                            target.substring(0, colon).replaceAll("[\\[\\]]", ""),
                            Integer.parseInt(target.substring(colon + 1)));
            ends.add(near);
            ends.add(far);
            near.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            threads.execute(() -> carry(near, far));
            carry(far, near);
        } catch (IOException _) {
            close(near); // the client sees it
        }
    }

    /**
     * Of {@code CONNECT host:port HTTP/1.1}; the client sends nothing more until it is answered.
     */
    private static String target(InputStream in) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        var first = lines.readLine();
        for (var line = first; line != null && !line.isEmpty(); ) {
            line = lines.readLine();
        }
        if (first == null || !first.startsWith("CONNECT ")) {
            throw new IOException("no CONNECT: " + first);
        }
        return first.split(" ", -1)[1];
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException _) {
            // cut, as a cable may be
        } finally {
            ends.remove(from);
            ends.remove(to);
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it is closed all the same
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
        threads.close();
    }
}
