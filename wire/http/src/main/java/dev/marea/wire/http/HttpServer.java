package dev.marea.wire.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A door whose requests are handed whole to a blocking {@link Handler} on a virtual thread. */
public final class HttpServer implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Door door;
    private final ExecutorService threads;

    private HttpServer(Door door, ExecutorService threads) {
        this.door = door;
        this.threads = threads;
    }

    public static HttpServer open(DoorSettings settings, Handler handler) throws IOException {
        var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
        var room = new Semaphore(settings.limits().requestsMax());
        var door = Door.open(settings, () -> new Exchange(settings, handler, threads, room));
        return new HttpServer(door, threads);
    }

    public int port() {
        return door.port();
    }

    public DoorCounters counters() {
        return door.counters();
    }

    @Override
    public void close() {
        close(DRAIN);
    }

    /** As {@link Door#close(Duration)}; handlers still running after it are interrupted. */
    public void close(Duration drain) {
        door.close(drain);
        threads.shutdownNow();
    }
}
