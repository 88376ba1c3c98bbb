package dev.marea.check.contract;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A watcher that keeps what it is told until a test asks for it. */
final class Seen<T extends HasMetadata> implements Watcher<T> {
    private static final int SECONDS_MAX = 20;

    record Event<T extends HasMetadata>(Action action, T object) {
        String version() {
            return String.valueOf(object.getMetadata().getResourceVersion());
        }

        /** As {@code ADDED name}. */
        @Override
        public String toString() {
            return action + " " + object.getMetadata().getName();
        }
    }

    private final LinkedBlockingQueue<Event<T>> events = new LinkedBlockingQueue<>(10_000);
    final CompletableFuture<WatcherException> closed = new CompletableFuture<>();

    Event<T> next() throws InterruptedException {
        var next = events.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the watch told nothing within " + SECONDS_MAX + " s");
        }
        return next;
    }

    List<Event<T>> next(int count) throws InterruptedException {
        var all = new ArrayList<Event<T>>();
        while (all.size() < count) {
            all.add(next());
        }
        return all;
    }

    @Override
    public void eventReceived(Action action, T object) {
        events.add(new Event<>(action, object));
    }

    @Override
    public void onClose(WatcherException cause) {
        closed.complete(cause);
    }
}
