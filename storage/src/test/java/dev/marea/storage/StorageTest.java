package dev.marea.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    private static final FetchLimits QUICK =
            new FetchLimits(
                    1_000,
                    Duration.ofSeconds(2),
                    Duration.ofMillis(150),
                    2,
                    3,
                    Duration.ofMillis(1));

    @TempDir Path directory;
    private HttpServer store;
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        store.start();
    }

    @AfterEach
    void close() {
        over.countDown();
        store.stop(0);
    }

    @Test
    void copiesADirectoryWithEverythingInIt() throws Exception {
        var source = Files.createDirectories(directory.resolve("model/sub"));
        Files.writeString(source.resolve("a.txt"), "abc");
        Files.writeString(directory.resolve("model/b.txt"), "");
        var target = directory.resolve("target");

        var fetched =
                new Storage(QUICK).fetch(directory.resolve("model").toUri().toString(), target);

        assertThat(fetched).isEqualTo(new Fetched(2, 3));
        assertThat(target.resolve("sub/a.txt")).hasContent("abc");
        assertThat(target.resolve("b.txt")).hasContent("");
    }

    @Test
    void copiesOneFileIntoTheDirectory() throws Exception {
        var source = Files.writeString(directory.resolve("model.pkl"), "abc");
        new Storage(QUICK).fetch(source.toString(), directory.resolve("target"));
        assertThat(directory.resolve("target/model.pkl")).hasContent("abc");
    }

    @Test
    void namesAPathThatIsNotThere() {
        assertThatThrownBy(() -> new Storage(QUICK).fetch("file:///no/such/model", directory))
                .hasMessageContaining("/no/such/model")
                .hasMessageContaining("storageUri");
    }

    @Test
    void namesASchemeThatIsNotServedYet() {
        assertThatThrownBy(() -> new Storage(QUICK).fetch("s3://bucket/model", directory))
                .hasMessageContaining("s3://")
                .hasMessageContaining("https://");
    }

    @Test
    void fetchesOneFileOverHttpAndFollowsARedirect() throws Exception {
        serve("/old/model.joblib", x -> redirect(x, "/new/model.joblib"));
        serve("/new/model.joblib", x -> answer(x, 200, "abc"));
        new Storage(QUICK).fetch(url("/old/model.joblib"), directory);
        assertThat(directory.resolve("model.joblib")).hasContent("abc");
    }

    @Test
    void triesAgainWhereThatMayHelp() throws Exception {
        var calls = new AtomicInteger();
        serve("/m.pkl", x -> answer(x, calls.incrementAndGet() < 3 ? 503 : 200, "abc"));
        new Storage(QUICK).fetch(url("/m.pkl"), directory);
        assertThat(calls).hasValue(3);
    }

    @Test
    void doesNotTryAgainWhatCannotWork() {
        var calls = new AtomicInteger();
        serve(
                "/m.pkl",
                x -> {
                    calls.incrementAndGet();
                    answer(x, 404, "");
                });
        assertThatThrownBy(() -> new Storage(QUICK).fetch(url("/m.pkl"), directory))
                .hasMessageContaining("answered 404");
        assertThat(calls).hasValue(1);
    }

    @Test
    void refusesAFileOverTheLimitDeclaredOrNot() throws IOException {
        serve("/declared", x -> answer(x, 200, "x".repeat(1_001)));
        serve("/chunked", x -> stream(x, 1_001));
        for (var path : new String[] {"/declared", "/chunked"}) {
            assertThatThrownBy(() -> new Storage(QUICK).fetch(url(path), directory))
                    .hasMessageContaining("limit");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void publishesNothingOfABodyThatStalls() throws IOException {
        serve(
                "/m.pkl",
                x -> {
                    x.sendResponseHeaders(200, 10);
                    x.getResponseBody().write(new byte[3]);
                    x.getResponseBody().flush();
                    await();
                });
        assertThatThrownBy(() -> new Storage(QUICK).fetch(url("/m.pkl"), directory))
                .hasMessageContaining("broke off");
        assertThat(names()).isEmpty();
    }

    @Test
    void publishesNothingOfABodyThatIsCut() throws IOException {
        serve(
                "/m.pkl",
                x -> {
                    x.sendResponseHeaders(200, 10);
                    x.getResponseBody().write(new byte[3]);
                    x.getResponseBody().flush();
                    x.close();
                });
        assertThatThrownBy(() -> new Storage(QUICK).fetch(url("/m.pkl"), directory))
                .hasMessageContaining("broke off");
        assertThat(names()).isEmpty();
    }

    @Test
    void wantsAFileName() {
        assertThatThrownBy(() -> new Storage(QUICK).fetch(url("/models/"), directory))
                .hasMessageContaining("no usable file name");
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Answer answer) {
        store.createContext(path, answer::to);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
        exchange.getResponseBody().write(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        answer(exchange, 302, "");
    }

    private static void stream(HttpExchange exchange, int bytes) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(new byte[bytes]);
        exchange.close();
    }

    private void await() {
        try {
            over.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + store.getAddress().getPort() + path;
    }

    private java.util.List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
