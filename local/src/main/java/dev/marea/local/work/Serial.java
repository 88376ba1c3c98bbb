package dev.marea.local.work;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order, on a virtual thread that exists only while there are
 * tasks. State that is touched by its tasks alone needs no lock. The queue has no bound of its own:
 * whoever posts has at most a handful of tasks outstanding.
 */
public final class Serial implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final String name;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    public Serial(String name) {
        this.name = name;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            Thread.ofVirtual().name(name).start(this::drain);
        }
    }

    private void drain() {
        do {
            var task = tasks.remove();
            try {
                task.run();
            } catch (RuntimeException bug) {
                LOG.error("{}: a task failed", name, bug);
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
