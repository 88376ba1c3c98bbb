package dev.marea.server.predict;

import dev.marea.server.predict.Backlog.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The threads that work the {@link Backlog} off; each is started when there is work for it. */
final class Workers {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Backlog backlog;
    private final Runs runs;
    private final Clock clock;
    private final int threadsMax;
    private final List<Thread> threads = new ArrayList<>();
    private int idle;
    private boolean ended;

    Workers(int threadsMax, int queueMax, Runs runs, Clock clock) {
        this.threadsMax = threadsMax;
        this.runs = runs;
        this.clock = clock;
        backlog = new Backlog(threadsMax, queueMax);
    }

    int waiting() {
        lock.lock();
        try {
            return backlog.length();
        } finally {
            lock.unlock();
        }
    }

    /** False where too much waits, or all ends. */
    boolean offer(Waiting call) {
        lock.lock();
        try {
            if (ended || !backlog.offer(call)) {
                return false;
            }
            if (idle > 0) {
                changed.signal();
            } else if (threads.size() < threadsMax) {
                threads.add(
                        Thread.ofPlatform()
                                .daemon()
                                .name("predict-" + threads.size())
                                .start(this::work));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            for (var next = next(); !(next instanceof Work.Rest); next = next()) {
                switch (next) {
                    case Work.Read reading -> read(reading);
                    case Work.Run run -> run(run);
                    case Work.Rest _ -> throw new AssertionError("no work");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for work; {@link Work.Rest} only at the end. */
    private Work next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var work = backlog.take(clock.nanos());
            while (work instanceof Work.Rest(long until) && !ended) {
                idle++;
                try {
                    boolean open = until == BatchQueue.NEVER;
                    changed.awaitNanos(open ? until : until - clock.nanos());
                } finally {
                    idle--;
                }
                work = backlog.take(clock.nanos());
            }
            wakeAnother();
            return work;
        } finally {
            lock.unlock();
        }
    }

    /** Someone must see to what else is due, or will be: this thread is busy from now on. */
    private void wakeAnother() {
        if (idle > 0 && backlog.dueAt(clock.nanos()) != BatchQueue.NEVER) {
            changed.signal();
        }
    }

    private void read(Work.Read reading) {
        try {
            if (runs.isWanted(reading.call())) {
                runs.read(reading.call());
            }
        } finally {
            lock.lock();
            try {
                backlog.done(reading);
            } finally {
                lock.unlock();
            }
        }
    }

    private void run(Work.Run run) {
        try {
            runs.run(run.calls());
        } finally {
            lock.lock();
            try {
                backlog.done(run);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes no more, and gives back what nobody has begun. */
    List<Waiting> end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
            return backlog.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Whether every thread has ended within this time. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        for (var thread : threads()) {
            long left = until - System.nanoTime();
            if (left <= 0 || !thread.join(Duration.ofNanos(left))) {
                return false;
            }
        }
        return true;
    }

    private List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(threads);
        } finally {
            lock.unlock();
        }
    }
}
