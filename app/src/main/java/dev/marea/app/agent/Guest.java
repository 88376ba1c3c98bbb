package dev.marea.app.agent;

import dev.marea.app.agent.ServerDoor.NotThere;
import dev.marea.storage.Storage;
import dev.marea.wire.kserve.ModelList.Entry;
import dev.marea.wire.kserve.ModelReports.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** One model of the repository, on its way in, there, exchanged or on its way out. */
final class Guest {
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);
    private static final Duration SERVER_PAUSE = Duration.ofMillis(200);

    private final String name;
    private final Repository repository;
    private final Storage storage;
    private final ServerDoor server;
    private final Consumer<String> log;

    /** Touched by the agent's own thread alone. */
    private Future<?> task = CompletableFuture.completedFuture(null);

    private Optional<Entry> aim = Optional.empty();

    // Written by the task, read when that is over.
    private boolean settled;
    private Duration pause = RETRY_MIN;
    private long retryAt = System.nanoTime();
    private volatile Optional<Report> report = Optional.empty();

    Guest(
            String name,
            Repository repository,
            Storage storage,
            ServerDoor server,
            Consumer<String> log) {
        this.name = name;
        this.repository = repository;
        this.storage = storage;
        this.server = server;
        this.log = log;
    }

    /** What is known of the model that was asked for last. */
    Optional<Report> report() {
        return report;
    }

    /** It was not wanted any more, and nothing of it is left. */
    boolean gone() {
        return task.isDone() && settled && aim.isEmpty();
    }

    /** Begins what is to be done next, if anything is and its time has come. */
    void tend(Optional<Entry> wanted, ExecutorService workers) {
        if (!task.isDone()) {
            return;
        }
        boolean news = !wanted.equals(aim);
        if (!news && (settled || retryAt - System.nanoTime() > 0)) {
            return;
        }
        if (news) {
            pause = RETRY_MIN;
            aim = wanted;
        }
        settled = false;
        task = workers.submit(() -> work(wanted));
    }

    private void work(Optional<Entry> wanted) {
        try {
            if (wanted.isPresent()) {
                bring(wanted.get());
            } else {
                leave();
            }
            settled = true;
        } catch (NotThere _) {
            retryAt = System.nanoTime() + SERVER_PAUSE.toNanos();
        } catch (IOException failed) {
            fail(wanted, String.valueOf(failed.getMessage()));
        } catch (RuntimeException bug) {
            fail(wanted, bug.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Optional<Entry> wanted, String why) {
        log.accept("%s: %s; tried again in %d s".formatted(name, why, pause.toSeconds()));
        report = wanted.map(entry -> new Report(entry.digest(), Optional.of(why)));
        retryAt = System.nanoTime() + pause.toNanos();
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(RETRY_MAX) < 0 ? doubled : RETRY_MAX;
    }

    /** For a server that loads at its start what it finds. Whatever goes wrong is told later. */
    void prepare(Entry entry) {
        try {
            provide(entry);
            repository.point(name, entry.digest());
        } catch (IOException | RuntimeException failed) {
            log.accept("%s: not there from the start: %s".formatted(name, failed.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void bring(Entry entry) throws IOException, InterruptedException {
        var digest = entry.digest();
        provide(entry);
        var before = repository.current(name);
        repository.point(name, digest);
        var refused = server.load(name);
        if (refused.isPresent()) {
            giveBack(before.filter(old -> !old.equals(digest)));
            throw new IOException(refused.get());
        }
        repository.sweep(name, Set.of(digest));
        log.accept("%s: loaded from %s".formatted(name, entry.storageUri()));
        report = Optional.of(new Report(digest, Optional.empty()));
    }

    /** What was fetched once is not fetched again, even if the server could not load it yet. */
    private void provide(Entry entry) throws IOException, InterruptedException {
        var kept = new HashSet<>(Set.of(entry.digest()));
        repository.current(name).ifPresent(kept::add);
        repository.sweep(name, kept);
        if (!repository.has(name, entry.digest())) {
            fetch(entry);
        }
    }

    private void fetch(Entry entry) throws IOException, InterruptedException {
        log.accept("%s: fetching %s".formatted(name, entry.storageUri()));
        var fresh = repository.fresh(name);
        var fetched = storage.fetch(entry.storageUri(), fresh);
        repository.keep(fresh, name, entry.digest());
        log.accept(
                "%s: fetched %d files, %d bytes".formatted(name, fetched.files(), fetched.bytes()));
    }

    /** The server goes on with what it had, also after a restart, or if that was not in memory. */
    private void giveBack(Optional<String> before) throws IOException, InterruptedException {
        if (before.isPresent()) {
            repository.point(name, before.get());
            server.load(name)
                    .ifPresent(why -> log.accept("%s: nor its old files: %s".formatted(name, why)));
        }
    }

    private void leave() throws IOException, InterruptedException {
        report = Optional.empty();
        server.unload(name);
        repository.remove(name);
        log.accept(name + ": unloaded and removed");
    }
}
