package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops predictions that run too long. One thread looks at what is running, a few times within the
 * limit, and sleeps while nothing is: a prediction pays for an entry in a map.
 */
final class RunLimit {
    private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOKS = 4;

    private final Duration most;
    private final Map<RunOptions, Long> running = new ConcurrentHashMap<>();
    private final Thread watch;
    private volatile boolean asleep;
    private volatile boolean over;

    RunLimit(Duration most) {
        this.most = most;
        watch = Thread.ofVirtual().name("onnx-run-limit").unstarted(this::watch);
        watch.start();
    }

    Duration most() {
        return most;
    }

    void begun(RunOptions run) {
        running.put(run, System.nanoTime());
        if (asleep) {
            LockSupport.unpark(watch);
        }
    }

    /** Whether it ran too long; from now on it is not touched. */
    boolean ended(RunOptions run) {
        var begun = running.remove(run);
        return begun != null && System.nanoTime() - begun > most.toNanos();
    }

    private void watch() {
        long look = Math.min(LOOK_NANOS_MAX, most.toNanos() / LOOKS);
        while (!over) {
            asleep = true;
            if (running.isEmpty()) {
                LockSupport.park(this);
                asleep = false;
            } else {
                asleep = false;
                LockSupport.parkNanos(this, look);
                running.forEach(this::stopLate);
            }
        }
    }

    /** Inside the map's own lock for this entry, so that no run that ended is touched. */
    private void stopLate(RunOptions run, long begun) {
        if (System.nanoTime() - begun > most.toNanos()) {
            running.computeIfPresent(run, RunLimit::stopped);
        }
    }

    private static Long stopped(RunOptions run, Long begun) {
        try {
            run.setTerminate(true);
        } catch (OrtException closed) {
            throw new IllegalStateException("a run that is watched is open", closed);
        }
        return begun;
    }

    void close() {
        over = true;
        LockSupport.unpark(watch);
    }
}
