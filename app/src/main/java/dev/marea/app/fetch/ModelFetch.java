package dev.marea.app.fetch;

import dev.marea.storage.FetchOrder;
import dev.marea.storage.Storage;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.transfer.Progress;
import dev.marea.wire.kserve.FetchProgress;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.Pins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Fetches the models of one replica, one after the other, and tells how far it is. */
public final class ModelFetch {
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final long PINS_BYTES_MAX = 1 << 20;

    private final Storage storage;
    private final Map<String, String> environment;
    private final Consumer<String> log;
    private final Consumer<FetchProgress> tell;
    private long toldNanos;
    private boolean told;

    /**
     * @param environment what the step was given, and what the administrator's own says
     * @param log a line for people
     * @param tell hears at most once a second how far it is, and once at the end
     */
    public ModelFetch(
            Storage storage,
            Map<String, String> environment,
            Consumer<String> log,
            Consumer<FetchProgress> tell) {
        this.storage = storage;
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.tell = tell;
    }

    /**
     * Fetches every source into the directory after it.
     *
     * @return what mutable references were resolved to
     */
    public Map<String, String> run(List<String> sourcesAndDirectories)
            throws IOException, InterruptedException {
        var access = Access.read(environment);
        var given = pins();
        var resolved = new LinkedHashMap<String, String>();
        for (int i = 0; i + 1 < sourcesAndDirectories.size(); i += 2) {
            var source = sourcesAndDirectories.get(i);
            var directory = Path.of(sourcesAndDirectories.get(i + 1));
            var pinned = fetch(source, directory, Optional.ofNullable(given.get(source)), access);
            if (!pinned.equals(source)) {
                resolved.put(source, pinned);
            }
        }
        return resolved;
    }

    private String fetch(String source, Path directory, Optional<String> pinned, Access access)
            throws IOException, InterruptedException {
        log.accept("fetching " + pinned.orElse(source));
        long began = System.nanoTime();
        var last = new Progress[] {Progress.NOTHING};
        var order = FetchOrder.of(source, directory).pinned(pinned).with(access);
        var fetched =
                storage.fetch(
                        order,
                        progress -> {
                            last[0] = progress;
                            maybe(progress);
                        });
        Trust.of(environment).judge(source, directory, fetched, log);
        tell.accept(
                new FetchProgress(
                        fetched.bytes(),
                        fetched.bytes(),
                        last[0].rate(),
                        0,
                        last[0].resumedFrom(),
                        fetched.files()));
        log.accept(
                "fetched %s: %d files, %d bytes, %d of them from the store, in %d ms"
                        .formatted(
                                source,
                                fetched.files(),
                                fetched.bytes(),
                                fetched.network(),
                                (System.nanoTime() - began) / 1_000_000));
        return fetched.pinned();
    }

    private void maybe(Progress progress) {
        long now = System.nanoTime();
        if (told && now - toldNanos < TELL_EVERY.toNanos()) {
            return;
        }
        told = true;
        toldNanos = now;
        tell.accept(
                new FetchProgress(
                        progress.bytes(),
                        progress.total(),
                        progress.rate(),
                        progress.etaSeconds().orElse(-1),
                        progress.resumedFrom(),
                        progress.files()));
    }

    /** What the first replica of the revision resolved; none for the first one itself. */
    private Map<String, String> pins() throws IOException {
        var file = Path.of(environment.getOrDefault(FetchTerms.PINS, ""));
        boolean there = !file.toString().isEmpty() && Files.isRegularFile(file);
        return there && Files.size(file) <= PINS_BYTES_MAX
                ? Pins.read(Files.readString(file))
                : Map.of();
    }
}
