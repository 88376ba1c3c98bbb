package dev.marea.local.work;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that a test moves; alarms that come due run at once, in order, on virtual threads. */
public final class MovedTime implements Time {
    private record Due(Instant at, Runnable task) {}

    private Instant now = Instant.parse("2026-11-01T12:00:00Z");
    private final List<Due> alarms = new ArrayList<>();

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable task) {
        var due = new Due(now.plus(delay), task);
        alarms.add(due);
        return () -> cancel(due);
    }

    private synchronized void cancel(Due due) {
        alarms.remove(due);
    }

    public synchronized void move(Duration by) {
        now = now.plus(by);
        var due =
                alarms.stream()
                        .filter(a -> !a.at().isAfter(now))
                        .sorted(Comparator.comparing(Due::at))
                        .toList();
        alarms.removeAll(due);
        due.forEach(alarm -> Thread.startVirtualThread(alarm.task()));
    }
}
