package dev.marea.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelReports.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent over real files and a server that only remembers what it was asked. */
@Timeout(60)
class ModelAgentTest {
    @TempDir Path home;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final List<Thread> agents = new ArrayList<>();
    private volatile Map<String, Report> reports = Map.of();
    private volatile int health = 200;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/health/ready", exchange -> answer(exchange, health, "{}"));
        server.createContext("/v2/repository/models/", this::repositoryCall);
        server.start();
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("models"));
        for (var model : List.of("one", "two", "bad")) {
            Files.createDirectories(home.resolve("store").resolve(model));
            Files.writeString(home.resolve("store").resolve(model).resolve("model"), model);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        for (var agent : agents) {
            agent.interrupt();
            agent.join();
        }
        server.stop(0);
    }

    @Test
    void aListedModelIsFetchedLoadedAndReported() throws Exception {
        list(Map.of("m", "one"));
        start();
        await(() -> loaded("m"));
        assertThat(Files.readString(served("m"))).isEqualTo("one");
        assertThat(calls).containsExactly("m/load one");
    }

    @Test
    void aChangedUriIsExchangedAndTheOldFilesGo() throws Exception {
        list(Map.of("m", "one"));
        start();
        await(() -> loaded("m"));
        list(Map.of("m", "two"));
        await(() -> calls.contains("m/load two"));
        await(() -> loaded("m") && names().size() == 2);
        assertThat(Files.readString(served("m"))).isEqualTo("two");
    }

    @Test
    void aModelThatIsListedNoMoreIsUnloadedAndNothingOfItIsLeft() throws Exception {
        list(Map.of("m", "one"));
        start();
        await(() -> loaded("m"));
        list(Map.of());
        await(() -> names().isEmpty() && reports.isEmpty());
        assertThat(calls).contains("m/unload one");
    }

    @Test
    void whatTheServerRefusesIsToldAndTheOldOneIsServedAgain() throws Exception {
        refused.add("bad");
        list(Map.of("m", "one"));
        start();
        await(() -> loaded("m"));
        list(Map.of("m", "bad"));
        await(() -> failure("m").contains("cannot load bad"));
        assertThat(Files.readString(served("m"))).isEqualTo("one");
        assertThat(calls).contains("m/load bad", "m/load one");
    }

    @Test
    void aSourceThatIsNotThereIsToldAndOthersAreServed() throws Exception {
        list(Map.of("gone", "nowhere", "m", "one"));
        start();
        await(() -> loaded("m") && failure("gone").contains("no file or directory"));
    }

    @Test
    void aServerThatStartsLateIsWaitedForAndIsNoFailureOfTheModel() throws Exception {
        health = 503;
        list(Map.of("m", "one"));
        start();
        await(() -> Files.exists(served("m")));
        assertThat(reports).isEmpty();
        health = 200;
        await(() -> loaded("m"));
    }

    @Test
    void aNewAgentFetchesNothingThatIsThereAndRemovesWhatIsListedNoMore() throws Exception {
        list(Map.of("m", "one", "old", "two"));
        start();
        await(() -> loaded("m") && loaded("old"));
        close();
        agents.clear();
        open();
        calls.clear();
        list(Map.of("m", "one"));
        Files.delete(home.resolve("store/one/model"));
        start();
        await(() -> calls.contains("m/load one") && calls.contains("old/unload two"));
        await(() -> names().size() == 2);
    }

    @Test
    void beforeTheServerStartsEverythingListedIsProvidedOnceAndWhatFailsStopsNothing()
            throws Exception {
        list(Map.of("m", "one", "gone", "nowhere"));
        ModelAgent.run(
                AgentFlags.parse(flags("--once")),
                new Storage(StorageSettings.usual(AddressPolicy.ONE_MACHINE)),
                _ -> {},
                _ -> {});
        assertThat(Files.readString(served("m"))).isEqualTo("one");
        assertThat(Files.exists(home.resolve("models/gone"))).isFalse();
        assertThat(calls).isEmpty();
    }

    private void start() {
        agents.add(
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ModelAgent.run(
                                        AgentFlags.parse(flags()),
                                        new Storage(
                                                StorageSettings.usual(AddressPolicy.ONE_MACHINE)),
                                        _ -> {},
                                        told -> reports = Map.copyOf(told));
                            } catch (IOException failed) {
                                calls.add("failed: " + failed);
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    private List<String> flags(String... more) {
        var flags =
                new ArrayList<>(
                        List.of(
                                "--config-dir=" + home.resolve("config"),
                                "--model-dir=" + home.resolve("models"),
                                "--server=http://127.0.0.1:" + server.getAddress().getPort()));
        flags.addAll(List.of(more));
        return flags;
    }

    private void list(Map<String, String> models) throws IOException {
        var entries =
                models.entrySet().stream()
                        .map(model ->
                                Json.Obj.of(
                                        "modelName",
                                        model.getKey(),
                                        "modelSpec",
                                        Json.Obj.of(
                                                "storageUri",
                                                "file://"
                                                        + home.resolve("store")
                                                        + "/"
                                                        + model.getValue())))
                        .toList();
        Files.writeString(home.resolve("config/models.json"), Json.of(entries).toString());
    }

    private void repositoryCall(HttpExchange exchange) throws IOException {
        var call = exchange.getRequestURI().getPath().substring("/v2/repository/models/".length());
        var model = Files.readString(served(call.substring(0, call.indexOf('/'))));
        calls.add(call + " " + model);
        boolean bad = call.endsWith("/load") && refused.contains(model);
        answer(exchange, bad ? 503 : 200, "{\"error\": \"cannot load " + model + "\"}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Path served(String name) {
        return home.resolve("models").resolve(name).resolve("model");
    }

    private Set<String> names() {
        try (var files = Files.list(home.resolve("models"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private boolean loaded(String name) {
        return Optional.ofNullable(reports.get(name))
                .filter(report -> report.failure().isEmpty())
                .isPresent();
    }

    private String failure(String name) {
        return Optional.ofNullable(reports.get(name)).flatMap(Report::failure).orElse("");
    }

    private void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time; calls " + calls + ", reports " + reports);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
