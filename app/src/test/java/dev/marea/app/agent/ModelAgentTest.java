package dev.marea.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.marea.storage.FetchLimits;
import dev.marea.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelAgentTest {
    @TempDir Path home;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private HttpServer http;
    private ServerCalls server;
    private ModelAgent agent;

    /** A model server that takes every model but those whose file says broken. */
    @BeforeEach
    void serve() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/v2/health/live", exchange -> answer(exchange, 200, ""));
        http.createContext("/v2/repository/models/", this::repository);
        http.start();
        server = new ServerCalls(URI.create("http://127.0.0.1:" + http.getAddress().getPort()));
        Files.createDirectories(home.resolve("repository"));
        agent = another();
    }

    @AfterEach
    void end() {
        server.close();
        http.stop(0);
    }

    @Test
    void whatIsNamedIsFetchedAndLoadedOnce() throws Exception {
        name("a", source("one", "1"));
        round();
        round();
        assertThat(calls).containsExactly("a/load");
        assertThat(served("a")).isEqualTo("1");
    }

    @Test
    void beforeAServerIsThereModelsAreBroughtAndTheNextAgentOnlyLoadsThem() throws Exception {
        name("a", source("one", "1"));
        agent.prepare();
        assertThat(served("a")).isEqualTo("1");
        assertThat(calls).isEmpty();
        agent = another();
        round();
        assertThat(calls).containsExactly("a/load");
        assertThat(log).filteredOn(line -> line.contains("fetching")).hasSize(1);
    }

    @Test
    void anotherSourceTakesThePlaceOfTheFirst() throws Exception {
        name("a", source("one", "1"));
        round();
        name("a", source("two", "2"));
        round();
        assertThat(served("a")).isEqualTo("2");
        assertThat(calls).containsExactly("a/load", "a/load");
    }

    @Test
    void filesThatTheServerRefusesLeaveTheOnesBefore() throws Exception {
        name("a", source("one", "1"));
        round();
        name("a", source("two", "broken"));
        round();
        assertThat(served("a")).isEqualTo("1");
        assertThat(log.getLast())
                .isEqualTo(
                        "model a: the server answered 503: cannot read; the one before is served; tried again in 2 s");
    }

    @Test
    void whatFailedIsFetchedAnewAfterAPauseThatGrows() throws Exception {
        var source = source("one", "broken");
        name("a", source);
        round();
        round();
        assertThat(calls).as("not before the pause is over").hasSize(1);
        now = now.plusSeconds(2);
        round();
        assertThat(log.getLast()).endsWith("tried again in 4 s");
        Files.writeString(Path.of(source, "model"), "mended");
        now = now.plusSeconds(4);
        round();
        assertThat(served("a")).isEqualTo("mended");
        assertThat(log.getLast()).isEqualTo("model a: loaded");
    }

    @Test
    void aNewSourceIsTriedAtOnceWhateverTheOldOneDid() throws Exception {
        name("a", home.resolve("nowhere").toString());
        round();
        assertThat(log.getLast()).contains("there is no file or directory", "misspelt path");
        name("a", source("one", "1"));
        round();
        assertThat(served("a")).isEqualTo("1");
    }

    @Test
    void whatIsNamedNoMoreIsUnloadedAndRemoved() throws Exception {
        name("a", source("one", "1"));
        round();
        Files.writeString(home.resolve(ModelAgent.CONFIG), "[]");
        round();
        assertThat(calls).containsExactly("a/load", "a/unload");
        assertThat(home.resolve("repository/a")).doesNotExist();
        round();
        assertThat(calls).hasSize(2);
    }

    @Test
    void aListThatCannotBeReadTakesNothingAway() throws Exception {
        name("a", source("one", "1"));
        round();
        Files.writeString(home.resolve(ModelAgent.CONFIG), "[{");
        round();
        round();
        assertThat(calls).containsExactly("a/load");
        assertThat(log).filteredOn(l -> l.startsWith("the list of models")).hasSize(1);
    }

    @Test
    void aNameThatIsAPathIsNone() throws Exception {
        name("../a", source("one", "1"));
        round();
        assertThat(calls).isEmpty();
        assertThat(home.resolve("a")).doesNotExist();
    }

    @Test
    void aServerThatIsNotUpIsWaitedForInSilence() throws Exception {
        name("a", source("one", "1"));
        http.stop(0);
        round();
        assertThat(log).isEmpty();
    }

    private ModelAgent another() {
        return new ModelAgent(
                home,
                home.resolve("repository"),
                new Storage(FetchLimits.DEFAULT),
                log::add,
                () -> now);
    }

    private void round() throws InterruptedException {
        agent.round(Optional.of(server));
    }

    private String source(String directory, String content) throws IOException {
        var path = Files.createDirectories(home.resolve("from").resolve(directory));
        Files.writeString(path.resolve("model"), content);
        return path.toString();
    }

    private void name(String model, String source) throws IOException {
        Files.writeString(
                home.resolve(ModelAgent.CONFIG),
                "[{\"modelName\": \"%s\", \"modelSpec\": {\"storageUri\": \"%s\"}}]"
                        .formatted(model, source));
    }

    private String served(String model) throws IOException {
        return Files.readString(home.resolve("repository").resolve(model).resolve("model"));
    }

    private void repository(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var call = path.substring("/v2/repository/models/".length());
        calls.add(call);
        var broken = call.endsWith("/load") && served(call.replace("/load", "")).equals("broken");
        answer(exchange, broken ? 503 : 200, broken ? "{\"error\": \"cannot read\"}" : "{}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
