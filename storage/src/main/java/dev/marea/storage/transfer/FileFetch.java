package dev.marea.storage.transfer;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.transfer.Digests.Sums;
import dev.marea.storage.transfer.PartFetch.RangesIgnored;
import dev.marea.storage.transfer.PartFetch.Tools;
import dev.marea.storage.transfer.Work.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a file, or a part of it; who brings the last part checks and lands the file. */
final class FileFetch {
    private static final Logger LOG = LoggerFactory.getLogger(FileFetch.class);

    /** So often a file whose digest is wrong is brought, and no more: the store is at fault. */
    private static final int ATTEMPTS_MAX = 3;

    private final Tools tools;
    private final Task task;
    private final ExecutorService threads;
    private final byte[] buffer;

    FileFetch(Tools tools, Task task, ExecutorService threads, byte[] buffer) {
        this.tools = tools;
        this.task = task;
        this.threads = threads;
        this.buffer = buffer;
    }

    void run() throws IOException, InterruptedException {
        switch (task) {
            case Task.Whole(var job) -> whole(job, 1);
            case Task.Part(var shared, int part) -> part(shared, part);
        }
    }

    private void whole(Job job, int attempt) throws IOException, InterruptedException {
        try (var arrival = Arrival.open(job, Layout.whole(job.file().size()))) {
            tools.meter().resumed(arrival.done());
            var following = Following.start(arrival, threads);
            try {
                new PartFetch(tools, arrival, 0, buffer).run();
                arrival.partDone(0);
            } finally {
                arrival.stop();
            }
            land(arrival, following, attempt);
        } catch (RangesIgnored unknown) {
            anew(job, attempt, "its server cannot go on where it broke off");
        }
    }

    private void part(Work.Shared shared, int part) throws IOException, InterruptedException {
        var arrival = shared.arrival();
        try {
            if (!arrival.abandoned()) {
                new PartFetch(tools, arrival, part, buffer).run();
                if (arrival.partDone(part)) {
                    land(arrival, shared.following(), 1);
                    arrival.close();
                }
            }
        } catch (RangesIgnored unknown) {
            if (arrival.abandon()) { // what others still write of it goes into a file without name
                arrival.stop();
                tools.meter().lost(arrival.done());
                discard(arrival.job());
                whole(arrival.job(), 1);
            }
        }
    }

    private void land(Arrival arrival, Following following, int attempt)
            throws IOException, InterruptedException {
        var job = arrival.job();
        var sums = following.sums();
        var mismatch = wrong(job, sums);
        if (mismatch == null) {
            arrival.sync();
            job.landing().landed(job.data(), sums);
            if (job.journal().isPresent()) {
                Files.deleteIfExists(job.journal().get());
            }
            tools.meter().fileDone();
            return;
        }
        tools.meter().lost(arrival.done());
        anew(job, attempt, mismatch);
    }

    private static @Nullable String wrong(Job job, Sums sums) {
        long size = job.file().size();
        if (size >= 0 && sums.bytes() != size) {
            return "want %d bytes, got %d".formatted(size, sums.bytes());
        }
        return job.file().sum().flatMap(sums::mismatch).orElse(null);
    }

    /** From the first byte, in one piece, by this hand alone. */
    private void anew(Job job, int attempt, String why) throws IOException, InterruptedException {
        discard(job);
        if (attempt == ATTEMPTS_MAX) {
            throw FetchFailure.lasting(
                    "DigestMismatch: %s, %s; brought %d times, nothing of it is kept"
                            .formatted(job.file().path(), why, attempt));
        }
        LOG.warn("{}: {}; it is brought anew", job.file().path(), why);
        whole(job, attempt + 1);
    }

    private static void discard(Job job) throws IOException {
        Files.deleteIfExists(job.data());
        if (job.journal().isPresent()) {
            Files.deleteIfExists(job.journal().get());
        }
    }
}
