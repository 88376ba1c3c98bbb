package dev.marea.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes access lines on a thread of its own. The queue is bounded: when the disk cannot keep up,
 * lines are dropped and counted, and no request waits.
 */
final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int BATCH = 512;
    private static final int LINE = 512;

    private final ArrayBlockingQueue<AccessLine> pending;
    private final RotatingFile file;
    private final Runnable onDrop;
    private final Thread writer;
    private volatile boolean closing;
    private boolean complained;

    AccessLog(GatewaySettings.Access settings, Runnable onDrop) throws IOException {
        this.pending = new ArrayBlockingQueue<>(settings.pendingMax());
        this.file = RotatingFile.open(settings);
        this.onDrop = onDrop;
        this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
    }

    void add(AccessLine line) {
        if (!pending.offer(line)) {
            onDrop.run();
        }
    }

    /** Writes what is pending, for two seconds at most. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!writer.join(Duration.ofSeconds(2))) {
                writer.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var batch = new ArrayList<AccessLine>(BATCH);
        try (file) {
            while (!closing || !pending.isEmpty()) {
                var first = pending.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    pending.drainTo(batch, BATCH - 1);
                    write(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            LOG.warn("the access log could not be closed: {}", failed.toString());
        }
    }

    private void write(List<AccessLine> batch) {
        try {
            var text = new StringBuilder(batch.size() * LINE);
            batch.forEach(line -> line.appendTo(text));
            file.out().write(text.toString().getBytes(StandardCharsets.UTF_8));
            file.flush();
            complained = false;
        } catch (IOException failed) {
            batch.forEach(_ -> onDrop.run());
            if (!complained) {
                complained = true;
                LOG.warn("access lines are being lost: {}", failed.toString());
            }
        }
    }
}
