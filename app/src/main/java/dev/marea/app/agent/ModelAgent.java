package dev.marea.app.agent;

import dev.marea.storage.Storage;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Makes a directory hold the models that {@code models.json} names, and a model server serve them.
 * A model's new files are fetched beside the old ones, which are served until the server has taken
 * the new; files that cannot be loaded leave the old ones serving. What fails is told to the log
 * and tried again.
 */
public final class ModelAgent {
    static final String CONFIG = "models.json";

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(2);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(2);
    private static final int AT_ONCE_MAX = 4;
    private static final long CONFIG_BYTES_MAX = 4 << 20;

    /** What stands for the source of a model that is to go. */
    private static final String NOWHERE = "";

    private final Path config;
    private final ModelDirectory directory;
    private final Consumer<String> log;
    private final InstantSource clock;

    /** Where the server's copy of each model came from, as far as this agent has told it. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private String complaint = "";

    private record Failure(String source, Duration pause, Instant next) {}

    /**
     * @param configs the directory that holds {@code models.json}
     * @param repository the directory of models, one directory each
     * @param log gets lines for people
     */
    public ModelAgent(
            Path configs,
            Path repository,
            Storage storage,
            Consumer<String> log,
            InstantSource clock) {
        this.config = configs.resolve(CONFIG);
        this.directory = new ModelDirectory(repository, storage);
        this.log = log;
        this.clock = clock;
    }

    /**
     * Before a server is there: brings what is named now. What fails is left to {@link #follow}.
     */
    public void prepare() throws InterruptedException {
        round(Optional.empty());
    }

    /** Until it is interrupted: follows what is named. */
    public void follow(ServerCalls server) throws InterruptedException {
        while (true) {
            round(Optional.of(server));
            Thread.sleep(LOOK);
        }
    }

    void round(Optional<ServerCalls> server) throws InterruptedException {
        var work = new ArrayList<Callable<Boolean>>();
        try {
            var wanted = wanted();
            for (var name : directory.names()) {
                if (!wanted.containsKey(name) && due(name, NOWHERE)) {
                    work.add(() -> attempt(name, NOWHERE, server));
                }
            }
            wanted.forEach((name, source) -> {
                if (!source.equals(told.get(name)) && due(name, source)) {
                    work.add(() -> attempt(name, source, server));
                }
            });
            complaint = "";
        } catch (IOException unread) {
            complain("the list of models cannot be read: " + unread.getMessage());
            return;
        }
        // Not yet up, or starting again: it will be.
        if (!work.isEmpty() && (server.isEmpty() || server.get().live())) {
            try (var threads =
                    Executors.newFixedThreadPool(AT_ONCE_MAX, Thread.ofVirtual().factory())) {
                threads.invokeAll(work);
            }
        }
    }

    private void complain(String what) {
        if (!what.equals(complaint)) {
            log.accept(what);
        }
        complaint = what;
    }

    /** Where each model is, by name; none while there is no list. */
    private Map<String, String> wanted() throws IOException {
        var wanted = new LinkedHashMap<String, String>();
        byte[] bytes;
        try {
            if (Files.size(config) > CONFIG_BYTES_MAX) {
                throw new IOException("it has more than " + CONFIG_BYTES_MAX + " bytes");
            }
            bytes = Files.readAllBytes(config);
        } catch (NoSuchFileException _) {
            return wanted;
        }
        for (var entry : JsonReader.read(bytes).list()) {
            var name = entry.text("modelName").orElse("");
            var source = entry.text("modelSpec", "storageUri").orElse("");
            if (ModelDirectory.takes(name) && !source.isEmpty()) {
                wanted.put(name, source);
            }
        }
        return wanted;
    }

    private boolean due(String name, String source) {
        var failure = failures.get(name);
        return failure == null
                || !failure.source().equals(source)
                || !clock.instant().isBefore(failure.next());
    }

    private boolean attempt(String name, String source, Optional<ServerCalls> server)
            throws InterruptedException {
        try {
            if (source.equals(NOWHERE)) {
                drop(name, server);
            } else {
                take(name, source, server);
            }
            failures.remove(name);
            return true;
        } catch (IOException | RuntimeException failed) {
            fail(name, source, failed);
            return false;
        }
    }

    private void fail(String name, String source, Exception failed) {
        var before = failures.get(name);
        var pause =
                before == null || !before.source().equals(source)
                        ? PAUSE_MIN
                        : longer(before.pause());
        failures.put(name, new Failure(source, pause, clock.instant().plus(pause)));
        log.accept(
                "model %s: %s; tried again in %d s"
                        .formatted(
                                name,
                                failed instanceof IOException
                                        ? failed.getMessage()
                                        : failed.toString(),
                                pause.toSeconds()));
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
    }

    private void take(String name, String source, Optional<ServerCalls> server)
            throws IOException, InterruptedException {
        boolean here = directory.source(name).filter(source::equals).isPresent();
        if (!here) {
            log.accept("model %s: fetching %s".formatted(name, source));
            var fetched = directory.fetch(name, source);
            log.accept(
                    "model %s: fetched %d files, %d bytes"
                            .formatted(name, fetched.files(), fetched.bytes()));
            directory.exchange(name);
        }
        if (server.isPresent()) {
            load(name, server.get());
            told.put(name, source);
        }
        directory.settle(name, source);
    }

    /** What the server does not take is fetched anew the next time: it may have been mended. */
    private void load(String name, ServerCalls server) throws IOException, InterruptedException {
        try {
            server.load(name);
            log.accept("model " + name + ": loaded");
        } catch (IOException refused) {
            if (directory.back(name)) {
                server.load(name);
                throw new IOException(refused.getMessage() + "; the one before is served", refused);
            }
            directory.forget(name);
            throw refused;
        }
    }

    private void drop(String name, Optional<ServerCalls> server)
            throws IOException, InterruptedException {
        if (server.isPresent()) {
            server.get().unload(name);
        }
        directory.remove(name);
        told.remove(name);
        log.accept("model " + name + ": taken away");
    }
}
