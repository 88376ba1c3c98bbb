package dev.marea.local.store;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. While the disk takes one batch the next one gathers, so writers that
 * come together share one fsync; a batch later than that waits for nobody.
 */
final class Scribe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scribe.class);
    private static final int QUEUE_MAX = 1_024;
    private static final int BATCH_MAX = 256;
    private static final int OBJECTS_MAX = 100_000;
    private static final int OFFER_SECONDS_MAX = 10;

    record Commit(
            List<Write> writes,
            Store.Guard guard,
            CompletableFuture<Optional<List<Change>>> done) {}

    private final BlockingQueue<Commit> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Ledger ledger;
    private final Supplier<Shelves> published;
    private final Consumer<List<Committed>> publish;
    private final Thread thread;
    private volatile boolean closing;
    private volatile long floor;
    private long version;

    Scribe(
            Ledger ledger,
            Supplier<Shelves> published,
            long version,
            Consumer<List<Committed>> publish)
            throws SQLException {
        this.ledger = ledger;
        this.published = published;
        this.version = version;
        this.publish = publish;
        this.floor = ledger.floor();
        this.thread = Thread.ofPlatform().name("marea-store").daemon().start(this::run);
    }

    /** Changes up to this version are forgotten. */
    long floor() {
        return floor;
    }

    boolean open() {
        return !closing;
    }

    void submit(Commit commit) throws Refusal {
        try {
            if (closing || !queue.offer(commit, OFFER_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw Refusal.busy(
                        closing ? "the platform is stopping" : "too many writes are waiting");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Refusal.busy("interrupted while waiting to write");
        }
    }

    private void run() {
        var batch = new ArrayList<Commit>(BATCH_MAX);
        while (!closing || !queue.isEmpty()) {
            try {
                var first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH_MAX - 1);
                    write(batch);
                }
            } catch (InterruptedException _) {
                closing = true;
            } catch (RuntimeException bug) {
                LOG.error("a batch of {} writes failed", batch.size(), bug);
                batch.forEach(commit -> commit.done().completeExceptionally(bug));
            } finally {
                batch.clear();
            }
        }
    }

    private void write(List<Commit> batch) {
        var draft = new Draft(published.get(), version);
        var outcomes = batch.stream().map(draft::add).toList();
        try {
            if (!draft.committed.isEmpty()) {
                ledger.append(draft.committed.stream().map(Committed::change).toList());
                version = draft.version;
                floor = ledger.floor();
                publish.accept(draft.committed);
            }
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).done().complete(outcomes.get(i));
            }
        } catch (SQLException failed) {
            LOG.error(
                    "the state file takes no writes, {} were refused (is its disk full?): {}",
                    batch.size(),
                    failed.getMessage());
            batch.forEach(commit -> commit.done().completeExceptionally(failed));
        }
    }

    /** What a batch would make of the published objects. */
    private static final class Draft implements Store.View {
        private final Shelves base;
        private final Map<Key, Optional<Stored>> changed = new HashMap<>();
        private final List<Committed> committed = new ArrayList<>();
        private long version;

        Draft(Shelves base, long version) {
            this.base = base;
            this.version = version;
        }

        /** Empty if what it expects no longer holds. */
        Optional<List<Change>> add(Commit commit) {
            for (var write : commit.writes()) {
                long current = get(write.key()).map(Stored::version).orElse(Write.ABSENT);
                if (current != write.expected()) {
                    return Optional.empty();
                }
            }
            if (!commit.guard().holds(this)) {
                return Optional.empty();
            }
            if (base.size() + committed.size() + commit.writes().size() > OBJECTS_MAX
                    && commit.writes().stream()
                            .anyMatch(write -> write.expected() == Write.ABSENT)) {
                commit.done().completeExceptionally(full());
                return Optional.empty();
            }
            return Optional.of(commit.writes().stream().map(this::make).toList());
        }

        private static Refusal full() {
            return new Refusal(
                    403,
                    "Forbidden",
                    "exceeded quota: one machine keeps at most %d objects".formatted(OBJECTS_MAX),
                    Json.Obj.EMPTY);
        }

        private Change make(Write write) {
            version++;
            var before = get(write.key()).map(Stored::object);
            var change =
                    switch (write) {
                        case Write.Put(var key, _, var object) ->
                                change(
                                        before.isEmpty() ? Change.Type.ADDED : Change.Type.MODIFIED,
                                        key,
                                        object);
                        case Write.Remove(var key, _, var last) ->
                                change(Change.Type.DELETED, key, last);
                    };
            changed.put(
                    write.key(),
                    change.type() == Change.Type.DELETED
                            ? Optional.empty()
                            : Optional.of(new Stored(version, change.object())));
            committed.add(new Committed(change, before));
            return change;
        }

        private Change change(Change.Type type, Key key, Json.Obj object) {
            return new Change(version, type, key, Store.stamped(object, version));
        }

        @Override
        public Optional<Stored> get(Key key) {
            var here = changed.get(key);
            return here == null ? base.get(key) : here;
        }

        /** Too careful within a batch: what it removes still counts, and the caller tries again. */
        @Override
        public boolean occupied(String namespace) {
            return base.occupied(namespace)
                    || changed.keySet().stream().anyMatch(k -> k.namespace().equals(namespace));
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt(); // it may be waiting for work; what is queued is still written
        try {
            thread.join(Duration.ofSeconds(OFFER_SECONDS_MAX));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
