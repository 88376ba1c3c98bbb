package dev.marea.storage.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** What is to be done next: parts in the order of files, so that those at the front end first. */
final class Work implements Closeable {
    private final Iterator<Job> jobs;
    private final TransferSettings settings;
    private final Meter meter;
    private final ExecutorService threads;
    private final List<Shared> opened = new ArrayList<>();
    private @Nullable Shared current;
    private int part;

    Work(List<Job> jobs, TransferSettings settings, Meter meter, ExecutorService threads) {
        this.jobs = jobs.iterator();
        this.settings = settings;
        this.meter = meter;
        this.threads = threads;
    }

    /** How many hands could be busy at most. */
    static int tasks(List<Job> jobs, TransferSettings settings) {
        long parts = 0;
        for (var job : jobs) {
            parts += Layout.of(job.file().size(), settings.partBytes()).parts();
        }
        return (int) Math.min(parts, 1_000);
    }

    /** A whole file, or a part of one that others work on too. */
    sealed interface Task {
        record Whole(Job job) implements Task {}

        record Part(Shared file, int part) implements Task {}
    }

    /** A file in parts, with the one who follows them. */
    record Shared(Arrival arrival, Following following) {}

    synchronized Optional<Task> next() throws IOException {
        if (current != null && part < current.arrival().layout().parts()) {
            return Optional.of(new Task.Part(current, part++));
        }
        current = null;
        if (!jobs.hasNext()) {
            return Optional.empty();
        }
        var job = jobs.next();
        var layout = Layout.of(job.file().size(), settings.partBytes());
        if (layout.parts() == 1) {
            return Optional.of(new Task.Whole(job));
        }
        current = open(job, layout);
        part = 1;
        return Optional.of(new Task.Part(current, 0));
    }

    private Shared open(Job job, Layout layout) throws IOException {
        var arrival = Arrival.open(job, layout);
        meter.resumed(arrival.done());
        var shared = new Shared(arrival, Following.start(arrival, threads));
        opened.removeIf(earlier -> earlier.following().over());
        opened.add(shared);
        return shared;
    }

    @Override
    public synchronized void close() throws IOException {
        for (var shared : opened) {
            shared.arrival().stop();
            shared.arrival().close();
        }
    }
}
