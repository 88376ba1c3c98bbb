package dev.marea.server.llama.engine;

import dev.marea.server.llama.talk.News;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What comes of one order. The queue is as long as the answer at most, which the context bounds.
 * Closing it before its end cancels it.
 */
public final class Making implements AutoCloseable {
    private final long id;
    private final Runnable cancel;
    private final BlockingQueue<News.Of> news = new LinkedBlockingQueue<>();
    private int open;
    private boolean closed;

    Making(long id, int choices, Runnable cancel) {
        this.id = id;
        this.cancel = cancel;
        open = choices;
    }

    long id() {
        return id;
    }

    void take(News.Of of) {
        news.add(of);
    }

    /** The next piece of news, if there is one within the time. */
    public Optional<News.Of> next(Duration time) throws InterruptedException {
        var next = news.poll(time.toNanos(), TimeUnit.NANOSECONDS);
        if (next instanceof News.Ended) {
            open--;
        } else if (next instanceof News.Failed) {
            open = 0;
        }
        return Optional.ofNullable(next);
    }

    /** Whether nothing more comes. */
    public boolean isDone() {
        return open == 0;
    }

    @Override
    public void close() {
        if (!closed && open > 0) {
            cancel.run();
        }
        closed = true;
    }
}
