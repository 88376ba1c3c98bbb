package dev.marea.check.control;

import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/** Does numbered jobs, so many at a time. */
final class Crew {
    static final int HANDS = 16;

    private Crew() {}

    static void forEach(int from, int to, IntConsumer job) throws InterruptedException {
        var hands = new Semaphore(HANDS);
        var jobs = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = from; i < to; i++) {
                int number = i;
                hands.acquire();
                jobs.add(
                        threads.submit(() -> {
                            try {
                                job.accept(number);
                            } finally {
                                hands.release();
                            }
                        }));
            }
            for (var done : jobs) {
                done.get();
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }
}
