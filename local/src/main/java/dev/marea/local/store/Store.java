package dev.marea.local.store;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The current objects in memory, every change of them durable in one SQLite file before anybody
 * hears of it. Writers compare and set: a commit whose objects have moved on does nothing.
 */
public final class Store implements AutoCloseable {
    /** Changes kept for watchers that come back. */
    public static final int WINDOW = 10_000;

    private static final int WATCHES_MAX = 2_000;
    private static final Duration COMMIT_WAIT_MAX = Duration.ofSeconds(30);

    /** What must still hold at the moment of the commit, besides the versions. */
    public interface Guard {
        Guard NONE = _ -> true;

        boolean holds(View now);
    }

    /** The objects as one moment saw them. */
    public interface View {
        Optional<Stored> get(Key key);

        /** True while a namespace holds an object of any kind. */
        boolean occupied(String namespace);
    }

    private final Ledger ledger;
    private final Shelves shelves;
    private final Scribe scribe;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private long version;

    private Store(Ledger ledger) throws SQLException, MalformedJson {
        this.ledger = ledger;
        this.shelves = new Shelves();
        ledger.load(shelves::put);
        this.version = ledger.version();
        this.scribe = new Scribe(ledger, this::seen, version, this::publish);
    }

    /** Opens or creates the file; kinds that it holds and {@code served} lacks are left alone. */
    public static Store open(Path file, Collection<Resource> served) throws IOException {
        return open(file, served, WINDOW);
    }

    static Store open(Path file, Collection<Resource> served, int windowMax) throws IOException {
        try {
            return new Store(Ledger.open(file, served, windowMax));
        } catch (SQLException failed) {
            throw new IOException("cannot open " + file + ": " + failed.getMessage(), failed);
        }
    }

    public static Store inMemory(Collection<Resource> served) {
        return inMemory(served, WINDOW);
    }

    static Store inMemory(Collection<Resource> served, int windowMax) {
        try {
            return new Store(Ledger.inMemory(served, windowMax));
        } catch (SQLException | MalformedJson failed) {
            throw new IllegalStateException(failed);
        }
    }

    public long version() {
        lock.readLock().lock();
        try {
            return version;
        } finally {
            lock.readLock().unlock();
        }
    }

    public Optional<Stored> get(Key key) {
        lock.readLock().lock();
        try {
            return shelves.get(key);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Sorted by namespace and name. */
    public Objects.Listing list(Resource kind, String namespace) {
        lock.readLock().lock();
        try {
            return new Objects.Listing(version, shelves.list(kind, namespace));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The version of the last change of a kind in this run, or the one that the run began with. */
    public long lastChange(Resource kind) {
        lock.readLock().lock();
        try {
            return shelves.lastChange(kind);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What the guard of the scribe sees: the published objects. */
    private Shelves seen() {
        return shelves;
    }

    /**
     * Makes all of the writes or, when one of them expects a version that is no longer current or
     * the guard fails, none: the result is then empty. Durable once it returns.
     */
    public Optional<List<Change>> commit(List<Write> writes, Guard guard) throws Refusal {
        var done = new CompletableFuture<Optional<List<Change>>>();
        scribe.submit(new Scribe.Commit(List.copyOf(writes), guard, done));
        try {
            return done.get(COMMIT_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Refusal refused) {
                throw refused;
            }
            throw Refusal.internal("the state was not written: " + reason(failed));
        } catch (TimeoutException _) {
            throw Refusal.internal(
                    "the disk did not take the state within " + COMMIT_WAIT_MAX.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Refusal.internal("interrupted while the state was written");
        }
    }

    private static String reason(ExecutionException failed) {
        var cause = failed.getCause();
        return cause == null ? failed.toString() : String.valueOf(cause.getMessage());
    }

    /** Called by the scribe once a batch is on disk. */
    private void publish(List<Committed> batch) {
        lock.writeLock().lock();
        try {
            for (var committed : batch) {
                shelves.apply(committed.change());
            }
            version = batch.getLast().change().version();
            for (var subscription : subscriptions) {
                batch.forEach(subscription::offer);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Changes after {@code from}, of one kind or of all; 410 when they are no longer all kept. */
    public Subscription watch(Optional<Resource> kind, long from) throws Refusal {
        if (subscriptions.size() >= WATCHES_MAX) {
            throw Refusal.busy("there are already " + WATCHES_MAX + " watches");
        }
        lock.writeLock().lock();
        try {
            if (from > version) {
                throw Refusal.expired(
                        "too large resource version: %d, current: %d".formatted(from, version));
            }
            refuseForgotten(from);
            var self = new Subscription[1];
            var subscription =
                    new Subscription(
                            kind, from, version, this::past, () -> subscriptions.remove(self[0]));
            self[0] = subscription;
            subscriptions.add(subscription);
            return subscription;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Ledger.Page past(Optional<Resource> kind, long from, int max) throws Refusal {
        try {
            var page = ledger.replay(kind, from, max);
            refuseForgotten(from);
            return page;
        } catch (SQLException | MalformedJson failed) {
            throw Refusal.internal("cannot read past changes: " + failed.getMessage());
        }
    }

    private void refuseForgotten(long from) throws Refusal {
        long floor = scribe.floor();
        if (from < floor) {
            throw Refusal.expired("too old resource version: %d (%d)".formatted(from, floor));
        }
    }

    /** False once {@link #close} was called. */
    public boolean open() {
        return scribe.open();
    }

    /** Before the door closes, so that no answer is still under way. */
    public void endWatches() {
        subscriptions.forEach(Subscription::close);
    }

    /** Ends all watches and closes the file after the last commit. */
    @Override
    public void close() {
        scribe.close();
        endWatches();
        try {
            ledger.close();
        } catch (SQLException failed) {
            throw new IllegalStateException("cannot close the state file", failed);
        }
    }

    static Json.Obj stamped(Json.Obj object, long version) {
        return object.withAt(
                List.of("metadata", "resourceVersion"), Json.of(Long.toString(version)));
    }
}
