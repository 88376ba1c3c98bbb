package dev.marea.app.agent;

import dev.marea.storage.Storage;
import dev.marea.wire.kserve.ModelList;
import dev.marea.wire.kserve.ModelList.Entry;
import dev.marea.wire.kserve.ModelReports.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Makes a server's repository hold what the list of models says, and has the server load and unload
 * it. The list is a file that a ConfigMap becomes; it is looked at from time to time, as nothing
 * tells of its changes everywhere.
 */
public final class ModelAgent {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int AT_ONCE = 4;
    private static final int LIST_BYTES_MAX = 2 << 20;

    private final Path list;
    private final Repository repository;
    private final Storage storage;
    private final ServerDoor server;
    private final Consumer<String> log;
    private final Consumer<Map<String, Report>> tell;
    private final Map<String, Guest> guests = new TreeMap<>();

    private byte[] read = {};
    private Optional<Map<String, Entry>> wanted = Optional.empty();
    private Optional<Map<String, Report>> told = Optional.empty();

    private ModelAgent(
            AgentFlags flags,
            Storage storage,
            ServerDoor server,
            Consumer<String> log,
            Consumer<Map<String, Report>> tell) {
        this.list = flags.configDir().resolve(ModelList.FILE);
        this.repository = new Repository(flags.modelDir());
        this.storage = storage;
        this.server = server;
        this.log = log;
        this.tell = tell;
    }

    /**
     * Works until it is interrupted, or once.
     *
     * @param tell hears what became of each model, whenever that changes
     */
    public static void run(
            AgentFlags flags,
            Storage storage,
            Consumer<String> log,
            Consumer<Map<String, Report>> tell)
            throws IOException, InterruptedException {
        var workers =
                Executors.newFixedThreadPool(
                        AT_ONCE, Thread.ofVirtual().name("model-agent-", 0).factory());
        try (var server = new ServerDoor(flags.server())) {
            var agent = new ModelAgent(flags, storage, server, log, tell);
            if (flags.once()) {
                agent.prepare(workers);
            } else {
                agent.stay(workers);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** A replica that takes requests has its models; so they are there before its server is. */
    private void prepare(ExecutorService workers) throws InterruptedException {
        refresh();
        var tasks = new ArrayList<Callable<Void>>();
        for (var entry : wanted.orElse(Map.of()).values()) {
            tasks.add(() -> {
                guest(entry.name()).prepare(entry);
                return null;
            });
        }
        workers.invokeAll(tasks);
    }

    private void stay(ExecutorService workers) throws IOException, InterruptedException {
        for (var name : repository.names()) {
            guests.put(name, guest(name)); // an earlier agent's; wanted or not
        }
        while (true) {
            look(workers);
            Thread.sleep(LOOK_EVERY);
        }
    }

    private void look(ExecutorService workers) {
        refresh();
        if (wanted.isEmpty()) {
            return;
        }
        var models = wanted.get();
        models.keySet().forEach(name -> guests.computeIfAbsent(name, this::guest));
        guests.forEach((name, guest) -> guest.tend(Optional.ofNullable(models.get(name)), workers));
        guests.values().removeIf(Guest::gone);
        report();
    }

    private Guest guest(String name) {
        return new Guest(name, repository, storage, server, log);
    }

    /** A list that cannot be read changes nothing. */
    private void refresh() {
        try {
            if (!Files.isRegularFile(list) || Files.size(list) > LIST_BYTES_MAX) {
                return;
            }
            var now = Files.readAllBytes(list);
            if (Arrays.equals(now, read)) {
                return;
            }
            read = now;
            var models = new LinkedHashMap<String, Entry>();
            ModelList.read(now).forEach(entry -> models.put(entry.name(), entry));
            wanted = Optional.of(models);
        } catch (IOException bad) {
            log.accept(list + " is not followed: " + bad.getMessage());
        }
    }

    private void report() {
        var reports = new TreeMap<String, Report>();
        guests.forEach((name, guest) -> guest.report().ifPresent(said -> reports.put(name, said)));
        if (!Optional.of(reports).equals(told)) {
            told = Optional.of(reports);
            tell.accept(reports);
        }
    }
}
