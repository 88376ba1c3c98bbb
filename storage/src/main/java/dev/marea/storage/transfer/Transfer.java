package dev.marea.storage.transfer;

import dev.marea.storage.http.Retries;
import dev.marea.storage.http.StoreClient;
import dev.marea.storage.transfer.PartFetch.Tools;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings many files over a few connections, file after file and part after part. The first failure
 * ends it; what has come stays for the next try.
 */
public final class Transfer {
    private static final Duration TELL_EVERY = Duration.ofMillis(250);
    private static final int BUFFER_BYTES = 256 << 10;

    private final StoreClient client;
    private final Retries retries;
    private final TransferSettings settings;
    private final Clock clock;

    public Transfer(StoreClient client, Retries retries, TransferSettings settings, Clock clock) {
        this.client = client;
        this.retries = retries;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Returns when every file has landed.
     *
     * @param tell hears now and then how far it is
     */
    public void run(List<Job> jobs, Meter meter, Consumer<Progress> tell)
            throws IOException, InterruptedException {
        if (jobs.isEmpty()) {
            return;
        }
        var tools = new Tools(client, retries, settings, meter, clock);
        var failure = new AtomicReference<@Nullable Throwable>();
        int hands = Math.min(settings.connections(), Work.tasks(jobs, settings));
        var over = new CountDownLatch(hands);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var work = new Work(jobs, settings, meter, threads)) {
            for (int i = 0; i < hands; i++) {
                try {
                    threads.execute(() -> {
                        try {
                            hand(work, tools, threads, failure);
                        } finally {
                            over.countDown();
                        }
                    });
                } catch (RejectedExecutionException failedAlready) {
                    over.countDown();
                }
            }
            wait(over, meter, tell, threads);
        }
        tell.accept(meter.progress(System.nanoTime()));
        var failed = failure.get();
        if (failed != null) {
            rethrow(failed);
        }
    }

    private static void wait(
            CountDownLatch over, Meter meter, Consumer<Progress> tell, ExecutorService threads)
            throws InterruptedException {
        try {
            while (!over.await(TELL_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                tell.accept(meter.progress(System.nanoTime()));
            }
        } finally {
            threads.shutdownNow(); // followers of files that will not be whole
        }
    }

    private void hand(
            Work work,
            Tools tools,
            ExecutorService threads,
            AtomicReference<@Nullable Throwable> failure) {
        var buffer = new byte[BUFFER_BYTES];
        try {
            for (var task = work.next(); task.isPresent(); task = work.next()) {
                new FileFetch(tools, task.get(), threads, buffer).run();
            }
        } catch (Throwable failed) { // also an Error: a file that is missing must not pass unseen
            if (failure.compareAndSet(null, failed)) {
                threads.shutdownNow();
            }
        }
    }

    private static void rethrow(Throwable failed) throws IOException, InterruptedException {
        switch (failed) {
            case IOException io -> throw io;
            case InterruptedException stopped -> throw stopped;
            case RuntimeException bug -> throw bug;
            case Error fatal -> throw fatal;
            default -> throw new IllegalStateException(failed);
        }
    }
}
