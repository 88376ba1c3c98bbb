package dev.marea.server.models;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where models are loaded that a request asked for: two at once, so that a large one does not keep
 * all others waiting. Its queue is bounded by the number of models, as each is in it once at most.
 */
final class LoadThreads implements Executor {
    private static final int AT_ONCE = 2;
    private static final int IDLE_SECONDS = 10;

    private @Nullable ThreadPoolExecutor threads;

    @Override
    public void execute(Runnable load) {
        threads().execute(load);
    }

    /** Made by the first load: most servers have one model and need none. */
    private synchronized ThreadPoolExecutor threads() {
        var made = threads;
        if (made == null) {
            made =
                    new ThreadPoolExecutor(
                            AT_ONCE,
                            AT_ONCE,
                            IDLE_SECONDS,
                            TimeUnit.SECONDS,
                            new LinkedBlockingQueue<>(),
                            Thread.ofPlatform().daemon().name("load-", 0).factory());
            made.allowCoreThreadTimeOut(true);
            threads = made;
        }
        return made;
    }
}
