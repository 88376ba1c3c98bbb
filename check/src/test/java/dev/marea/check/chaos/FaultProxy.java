package dev.marea.check.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands on a loopback port between a client and a TCP server. What the client says passes
 * untouched; what comes back meets the fault that the script has for the connection.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int CONNECTIONS_MAX = 4_096;

    private final ServerSocket door;
    private final InetSocketAddress upstream;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong passed = new AtomicLong();
    private volatile Script script;

    /** Listens at once; connections find the upstream when they come. */
    public FaultProxy(InetSocketAddress upstream, Script script) throws IOException {
        this.upstream = upstream;
        this.script = script;
        this.door = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("fault proxy").start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** For connections that come from now on; those that are open keep their fault. */
    public void script(Script now) {
        script = now;
    }

    public int connections() {
        return connections.get();
    }

    /** Bytes that came back and were passed on. */
    public long passed() {
        return passed.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                if (open.size() >= CONNECTIONS_MAX) {
                    client.close();
                    continue;
                }
                open.add(client);
                var fault = script.on(connections.getAndIncrement());
                Thread.ofVirtual().start(() -> serve(client, fault));
            } catch (IOException _) {
                // closed, or a client that was gone at once
            }
        }
    }

    private void serve(Socket client, Fault fault) {
        try (client;
                var server = new Socket()) {
            open.add(server);
            if (fault instanceof Fault.Reset(var after) && after == 0) {
                reset(client);
                return;
            }
            server.connect(upstream, CONNECT_MILLIS);
            Thread.ofVirtual().start(() -> forth(client, server));
            back(server, client, fault);
        } catch (IOException _) {
            // one of the two has gone; the other learns it by the close
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    /** The client's words. */
    private void forth(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException _) {
            close(server);
        } finally {
            open.remove(server);
        }
    }

    private void back(Socket server, Socket client, Fault fault)
            throws IOException, InterruptedException {
        var from = server.getInputStream();
        var to = client.getOutputStream();
        long sent = 0;
        var buffer = new byte[size(fault)];
        if (fault instanceof Fault.Delay(var before)) {
            pause(before.toNanos());
        }
        while (sent < fault.untouched()) {
            int wanted = (int) Math.min(buffer.length, fault.untouched() - sent);
            int read = from.read(buffer, 0, wanted);
            if (read < 0) {
                client.shutdownOutput();
                return;
            }
            corrupt(buffer, read, sent, fault);
            to.write(buffer, 0, read);
            to.flush();
            sent += read;
            passed.addAndGet(read);
            pace(read, fault);
        }
        strike(from, client, fault);
    }

    private static int size(Fault fault) {
        return switch (fault) {
            case Fault.Drip(var bytes, _) -> bytes;
            case Fault.Throttle(var rate) -> Math.clamp(rate / 20, 1, BUFFER_BYTES);
            case Fault.None _,
                    Fault.Delay _,
                    Fault.Cut _,
                    Fault.Reset _,
                    Fault.HalfClose _,
                    Fault.BlackHole _,
                    Fault.Corrupt _ ->
                    BUFFER_BYTES;
        };
    }

    private static void corrupt(byte[] buffer, int read, long sent, Fault fault) {
        if (fault instanceof Fault.Corrupt(var number) && number >= sent && number < sent + read) {
            buffer[(int) (number - sent)] ^= 0x20;
        }
    }

    private void pace(int bytes, Fault fault) throws InterruptedException {
        switch (fault) {
            case Fault.Drip(_, var pause) -> pause(pause.toNanos());
            case Fault.Throttle(var rate) -> pause(TimeUnit.SECONDS.toNanos(1) * bytes / rate);
            case Fault.None _,
                    Fault.Delay _,
                    Fault.Cut _,
                    Fault.Reset _,
                    Fault.HalfClose _,
                    Fault.BlackHole _,
                    Fault.Corrupt _ -> {}
        }
    }

    /** All that was to pass has passed. */
    private void strike(InputStream from, Socket client, Fault fault)
            throws IOException, InterruptedException {
        switch (fault) {
            case Fault.Cut _ -> client.close();
            case Fault.Reset _ -> reset(client);
            case Fault.HalfClose _ -> {
                client.shutdownOutput();
                from.transferTo(OutputStream.nullOutputStream());
            }
            case Fault.BlackHole _ -> closed.await();
            case Fault.None _, Fault.Delay _, Fault.Drip _, Fault.Throttle _, Fault.Corrupt _ -> {}
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    /** Ends when the proxy does. */
    private void pause(long nanos) throws InterruptedException {
        if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the proxy is closed");
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        door.close();
        open.forEach(FaultProxy::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it is of no use any more either way
        }
    }
}
