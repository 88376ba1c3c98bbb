package dev.marea.local.work;

import dev.marea.local.objects.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that need a look. A key is looked at by one thread at a time, at once when it is added, and
 * once more if it was added meanwhile; a failure is retried with a growing, capped pause.
 */
public final class WorkQueue<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration PAUSE_MIN = Duration.ofMillis(5);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final int LOUD_FAILURES = 3;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final String name;
    private final int parallel;
    private final Time time;
    private final Look<K> look;
    private final Semaphore room;
    private final Map<K, Slot> slots = new HashMap<>();
    private boolean closed;

    /** Makes the world of one key right; the result says when to look again without being asked. */
    @FunctionalInterface
    public interface Look<K> {
        Optional<Duration> at(K key) throws Refusal, InterruptedException;
    }

    private static final class Slot {
        boolean running;
        boolean again;
        int failures;
        Time.Alarm alarm = Time.Alarm.NONE;
        @Nullable Instant due;
    }

    public WorkQueue(String name, int parallel, Time time, Look<K> look) {
        this.name = name;
        this.parallel = parallel;
        this.time = time;
        this.look = look;
        this.room = new Semaphore(parallel);
    }

    public void add(K key) {
        synchronized (slots) {
            if (closed) {
                return;
            }
            var slot = slots.computeIfAbsent(key, _ -> new Slot());
            if (slot.running) {
                slot.again = true;
                return;
            }
            slot.running = true;
            slot.alarm.cancel();
            slot.due = null;
        }
        Thread.ofVirtual().name(name).start(() -> work(key));
    }

    private void wake(K key, Slot slot, Duration delay) {
        var due = time.now().plus(delay);
        if (slot.due != null && !slot.due.isAfter(due)) {
            return;
        }
        slot.alarm.cancel();
        slot.due = due;
        slot.alarm = time.after(delay, () -> add(key));
    }

    private void work(K key) {
        try {
            room.acquire();
            try {
                while (once(key)) {
                    // it was added again while it was being looked at
                }
            } finally {
                room.release();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean once(K key) throws InterruptedException {
        synchronized (slots) {
            slot(key).again = false;
        }
        Optional<Duration> next = Optional.empty();
        @Nullable Exception failure = null;
        try {
            next = look.at(key);
        } catch (Refusal | RuntimeException failed) {
            failure = failed;
        }
        return settle(key, next, failure);
    }

    private boolean settle(K key, Optional<Duration> next, @Nullable Exception failure) {
        synchronized (slots) {
            var slot = slot(key);
            if (closed) {
                slots.remove(key);
                return false;
            }
            slot.failures = failure == null ? 0 : slot.failures + 1;
            if (failure != null) {
                log(key, slot.failures, failure);
                wake(key, slot, pause(slot.failures));
            } else if (next.isPresent()) {
                wake(key, slot, next.get());
            }
            if (slot.again && failure == null) {
                return true;
            }
            slot.running = false;
            if (slot.due == null) {
                slots.remove(key);
            }
            return false;
        }
    }

    private Slot slot(K key) {
        return slots.computeIfAbsent(key, _ -> new Slot());
    }

    private void log(K key, int failures, Exception failure) {
        switch (failure) {
            case Refusal refused when failures < LOUD_FAILURES ->
                    LOG.debug("{} {}: {}", name, key, refused.getMessage());
            case Refusal refused ->
                    LOG.warn(
                            "{} {}: refused {} times: {}",
                            name,
                            key,
                            failures,
                            refused.getMessage());
            default -> LOG.error("{} {} failed", name, key, failure);
        }
    }

    static Duration pause(int failures) {
        var doubled = PAUSE_MIN.multipliedBy(1L << Math.min(failures - 1, 20));
        return doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
    }

    /** Takes no more keys and waits for those being looked at. */
    @Override
    public void close() {
        synchronized (slots) {
            closed = true;
            slots.values().forEach(slot -> slot.alarm.cancel());
        }
        try {
            if (!room.tryAcquire(parallel, CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{}: still busy after {} s", name, CLOSE_WAIT.toSeconds());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
