package dev.marea.storage.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Connections that wait for their next exchange. */
final class Lines implements Closeable {
    private static final long IDLE_NANOS_MAX = Duration.ofSeconds(15).toNanos();
    private static final int IDLE_MAX = 64;

    private final Map<Server, Deque<Line>> idle = new HashMap<>();
    private int count;
    private boolean closed;

    synchronized Optional<Line> take(Server server) {
        var waiting = idle.getOrDefault(server, new ArrayDeque<>());
        while (!waiting.isEmpty()) {
            var line = waiting.removeLast();
            count--;
            if (line.idleNanos() < IDLE_NANOS_MAX) {
                return Optional.of(line);
            }
            end(line);
        }
        return Optional.empty();
    }

    synchronized void give(Server server, Line line) {
        if (closed || count == IDLE_MAX) {
            end(line);
        } else {
            count++;
            idle.computeIfAbsent(server, _ -> new ArrayDeque<>()).addLast(line);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.values().forEach(lines -> lines.forEach(Lines::end));
        idle.clear();
    }

    private static void end(Line line) {
        try {
            line.close();
        } catch (IOException gone) {
            // It was to end, and has ended.
        }
    }
}
