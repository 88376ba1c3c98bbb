package dev.marea.server.models;

import dev.marea.server.config.Batching;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Runtimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** A repository on disk, its models served from fakes, and time and threads that a test moves. */
final class Library {
    final Path home;
    final Shelf shelf = new Shelf();
    final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    long now = -5_000_000_000L;
    private boolean runsAtOnce = true;
    private long memory = 1_000;

    Library(Path home) {
        this.home = home;
    }

    Library memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** Loads wait until {@link #runLoads}. */
    Library holdingLoads() {
        runsAtOnce = false;
        return this;
    }

    void runLoads() {
        while (!threads.isEmpty()) {
            threads.removeFirst().run();
        }
    }

    /** A file of a model: {@code put("iris/1/model.fake", "5")}. */
    Library put(String path, String text) {
        try {
            var file = home.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Models models(boolean watched, String... atStart) {
        var models =
                new Models(
                        new RepositorySettings(
                                home, watched, List.of(atStart), Duration.ofHours(1)),
                        new ServingSettings(Batching.PLAIN, memory, false),
                        () -> now,
                        load -> {
                            if (runsAtOnce) {
                                load.run();
                            } else {
                                threads.add(load);
                            }
                        });
        return models;
    }

    Models started(boolean watched, String... atStart) throws LoadFailure {
        var models = models(watched, atStart);
        models.start(new Runtimes(List.of(shelf)));
        return models;
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    /** Asks a model once, and says what answered: its file's text. */
    static String ask(Models models, String name) throws Refused {
        return ask(models, name, Optional.empty());
    }

    static String ask(Models models, String name, Optional<String> version) throws Refused {
        try (var lease = models.leaseLoading(name, version)) {
            return lease.loaded().metadata().platform();
        }
    }
}
