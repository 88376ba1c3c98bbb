package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpServerTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] OK = "ok".getBytes(StandardCharsets.UTF_8);

    private EventLoops loops;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void openLoops() {
        loops = EventLoops.open(1);
    }

    @AfterEach
    void close() {
        server.close(Duration.ofMillis(100));
        loops.close();
    }

    private int open(HttpLimits limits, Handler handler) throws IOException {
        server = HttpServer.open(DoorSettings.of(loops, "127.0.0.1", 0).with(limits), handler);
        return server.port();
    }

    private int echo(HttpLimits limits) throws IOException {
        return open(
                limits,
                (request, response) ->
                        response.send(
                                200,
                                Map.of("x-method", request.method()),
                                "%s %s %d;"
                                        .formatted(
                                                request.path(),
                                                request.query(),
                                                request.body().length)
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String lastGet(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    private static String head(String path, String connection) {
        return "HEAD %s HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n".formatted(path, connection);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderOneAtATime() throws IOException {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (request, response) -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            assertThat(request.body()).isEmpty();
                            running.decrementAndGet();
                            response.send(
                                    200,
                                    Map.of(),
                                    (request.path() + ";").getBytes(StandardCharsets.UTF_8));
                        });
        var all = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            all.append(get("/" + i));
        }

        var answer = Wire.exchange(port, all + lastGet("/last"));

        var bodies = answer.replaceAll("HTTP/1.1 200 OK\r\n([^\r]+\r\n)*\r\n", "");
        assertThat(bodies).startsWith("/0;/1;/2;/3;").endsWith("/1999;/last;");
        assertThat(most).hasValue(1);
    }

    @Test
    void nothingBehindARefusedRequestIsExecuted() throws IOException {
        int port = echo(HttpLimits.DEFAULTS);

        var answer = Wire.exchange(port, get("/a") + "BAD\r\n\r\n" + get("/b"));

        assertThat(Wire.statuses(answer)).containsExactly("200", "400");
        assertThat(answer).doesNotContain("/b");
    }

    @Test
    void queryParametersAreDecoded() throws IOException {
        int port = echo(HttpLimits.DEFAULTS);

        assertThat(Wire.exchange(port, lastGet("/q?a=1&b=x+y%26&a=2&flag")))
                .endsWith("/q {a=[1, 2], b=[x y&], flag=[]} 0;");
    }

    @Test
    void headIsAnsweredWithoutBody() throws IOException {
        int port = echo(HttpLimits.DEFAULTS);

        var answer = Wire.exchange(port, head("/a", "keep-alive") + head("/b", "close"));

        assertThat(Wire.statuses(answer)).containsExactly("200", "200");
        assertThat(answer).contains("content-length: 8").endsWith("\r\n\r\n");
    }

    @Test
    void aClientThatExpectsIsToldToContinue() throws IOException {
        int port = echo(HttpLimits.DEFAULTS);
        try (var wire = new Wire(port)) {
            wire.send(
                    "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n");
            wire.send("Connection: close\r\n\r\n");
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            wire.send("abc");

            assertThat(wire.readAll()).startsWith("HTTP/1.1 200").endsWith("/a {} 3;");
        }
    }

    @Test
    void aTooLargeExpectedBodyIsRefusedWithoutContinue() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withBody(10));

        var answer =
                Wire.exchange(
                        port,
                        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");

        assertThat(Wire.statuses(answer)).containsExactly("413");
    }

    @Test
    void aChunkedBodyBeyondTheLimitIsRefusedBeforeItsRestIsRead() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withBody(1_000));
        try (var wire = new Wire(port)) {
            wire.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("3E8\r\n" + "a".repeat(1_000) + "\r\n1\r\n");

            assertThat(wire.readAll())
                    .startsWith("HTTP/1.1 413")
                    .contains("the body is larger than 1000 bytes");
        }
        assertThat(Wire.exchange(port, lastGet("/next"))).contains("200 OK");
    }

    @Test
    void anHttp10ClientGetsAClosedConnectionInsteadOfChunks() throws IOException {
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            try (var out = response.stream(200, Map.of())) {
                                out.write(OK);
                            }
                        });

        assertThat(Wire.exchange(port, "GET / HTTP/1.0\r\n\r\n"))
                .contains("connection: close")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nok");
    }

    @Test
    void aSlowHeadIsRefused() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withTimes(SHORT, LONG, LONG, LONG, LONG));

        assertThat(Wire.exchange(port, "GET /a HTTP/1.1\r\nHo")).startsWith("HTTP/1.1 408");
        assertThat(server.counters().refused(Refusal.SLOW_HEAD)).isOne();
    }

    @Test
    void aSlowHeadOfASecondRequestIsRefusedToo() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withTimes(SHORT, LONG, LONG, LONG, LONG));

        var answer = Wire.exchange(port, get("/a") + "GET /b");

        assertThat(Wire.statuses(answer)).containsExactly("200", "408");
    }

    @Test
    void aBodyThatStopsIsRefused() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withTimes(LONG, SHORT, LONG, LONG, LONG));

        var answer =
                Wire.exchange(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na");

        assertThat(answer).startsWith("HTTP/1.1 408");
        assertThat(server.counters().refused(Refusal.SLOW_BODY)).isOne();
    }

    @Test
    void aBodyThatDripsForTooLongIsRefused() throws Exception {
        int port = echo(HttpLimits.DEFAULTS.withTimes(LONG, LONG, SHORT, LONG, LONG));
        try (var wire = new Wire(port)) {
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n");
            var dripping =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; i < 1_000 && drip(wire); i++) {
                            Thread.onSpinWait();
                        }
                    });

            assertThat(wire.readAll()).startsWith("HTTP/1.1 408");
            dripping.interrupt();
        }
    }

    private static boolean drip(Wire wire) {
        try {
            wire.socket.getOutputStream().write('a');
            return !new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        } catch (IOException | InterruptedException _) {
            return false;
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAnAnswer() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withTimes(LONG, LONG, LONG, SHORT, LONG));

        assertThat(Wire.exchange(port, "")).isEmpty();
        assertThat(Wire.statuses(Wire.exchange(port, get("/a")))).containsExactly("200");
    }

    @Test
    void aConnectionBeyondTheLimitIsTurnedAway() throws IOException {
        int port = echo(HttpLimits.DEFAULTS.withLoad(1, 10));
        try (var first = new Wire(port)) {
            first.send(get("/a"));
            first.readUntil("0;");

            assertThat(Wire.exchange(port, ""))
                    .startsWith("HTTP/1.1 503")
                    .contains("retry-after: 1");
            assertThat(Wire.exchange(port, lastGet("/" + "x".repeat(5_000))))
                    .startsWith("HTTP/1.1 503");
            assertThat(server.counters().refused(Refusal.TOO_MANY_CONNECTIONS)).isEqualTo(2);

            first.send(lastGet("/b"));
            assertThat(first.readAll()).endsWith("/b {} 0;");
        }
    }

    @Test
    void aRequestBeyondTheRunningLimitIsRefused() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        int port =
                open(
                        HttpLimits.DEFAULTS.withLoad(10, 1),
                        (request, response) -> {
                            if (request.path().equals("/slow")) {
                                started.countDown();
                                go.await();
                            }
                            response.send(200, Map.of(), OK);
                        });
        try (var slow = new Wire(port)) {
            slow.send(lastGet("/slow"));
            started.await();

            assertThat(Wire.exchange(port, lastGet("/a")))
                    .startsWith("HTTP/1.1 503")
                    .contains("retry-after");
            go.countDown();
            assertThat(slow.readAll()).endsWith("ok");
        }
        Wire.await(
                "room again",
                () -> {
                    try {
                        return Wire.exchange(port, lastGet("/b")).endsWith("ok");
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                });
    }

    @Test
    void aHandlersExceptionIsA500WithoutItsText() throws IOException {
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (request, _) -> {
                            if (request.path().equals("/bug")) {
                                throw new IllegalStateException("secret");
                            }
                        });

        assertThat(Wire.exchange(port, lastGet("/bug")))
                .startsWith("HTTP/1.1 500")
                .endsWith("{\"error\":\"internal error\"}")
                .doesNotContain("secret");
        assertThat(Wire.exchange(port, lastGet("/silent"))).startsWith("HTTP/1.1 500");
    }

    @Test
    void aStreamThatFailsEndsWithoutItsLastChunk() throws IOException {
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            response.stream(200, Map.of()).write(OK);
                            throw new IOException("upstream broke");
                        });

        assertThat(Wire.exchange(port, get("/")))
                .startsWith("HTTP/1.1 200")
                .doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void everyFlushOfAStreamReachesTheClient() throws Exception {
        var go = new CompletableFuture<Void>();
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            var out = response.stream(200, Map.of("content-type", "text/plain"));
                            out.write("first".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            go.join();
                            out.write("second".getBytes(StandardCharsets.UTF_8));
                        });
        try (var wire = new Wire(port)) {
            wire.send(get("/"));
            assertThat(wire.readUntil("first\r\n"))
                    .contains("transfer-encoding: chunked", "5\r\nfirst");
            go.complete(null);

            assertThat(wire.readUntil("0\r\n\r\n")).contains("6\r\nsecond");
            wire.send(get("/again"));
            assertThat(wire.readUntil("0\r\n\r\n")).contains("200 OK");
        }
    }

    @Test
    void aSlowReaderHoldsItsWriterBackAndAStalledOneIsCut() throws Exception {
        var failure = new CompletableFuture<IOException>();
        var written = new AtomicInteger();
        int port =
                open(
                        HttpLimits.DEFAULTS.withTimes(
                                LONG, LONG, LONG, LONG, Duration.ofMillis(300)),
                        (_, response) -> {
                            var out = response.stream(200, Map.of());
                            try {
                                writeForEver(out, written);
                            } catch (IOException cut) {
                                failure.complete(cut);
                            }
                        });
        try (var wire = new Wire(port)) {
            wire.send(get("/"));

            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("client");
            assertThat(written.get()).isLessThan(32 << 20);
        }
    }

    private static void writeForEver(OutputStream out, AtomicInteger written) throws IOException {
        var block = new byte[64 << 10];
        while (written.addAndGet(block.length) < 256 << 20) {
            out.write(block);
            out.flush();
        }
        throw new AssertionError("the writer was never held back");
    }

    @Test
    void aLargeWholeAnswerToAStalledReaderIsCut() throws Exception {
        int port =
                open(
                        HttpLimits.DEFAULTS.withTimes(
                                LONG, LONG, LONG, LONG, Duration.ofMillis(300)),
                        (_, response) -> response.send(200, Map.of(), new byte[64 << 20]));
        try (var wire = new Wire(port)) {
            wire.send(get("/"));

            Wire.await("cut", () -> server.counters().refused(Refusal.STALLED_READER) == 1);
            Wire.await("closed", () -> server.counters().open() == 0);
        }
    }

    @Test
    void aHandlerSeesThatItsClientIsGone() throws Exception {
        var started = new CountDownLatch(1);
        var seen = new CompletableFuture<Boolean>();
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            started.countDown();
                            Wire.await("gone", response::clientGone);
                            seen.complete(true);
                            assertThatThrownBy(() -> response.send(200, Map.of(), OK))
                                    .isInstanceOf(IOException.class);
                        });
        try (var wire = new Wire(port)) {
            wire.send(get("/"));
            started.await();
        }

        assertThat(seen.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void drainingFinishesRunningRequestsAndAcceptsNoMore() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            started.countDown();
                            go.await();
                            response.send(200, Map.of(), OK);
                        });
        try (var wire = new Wire(port);
                var idle = new Wire(port)) {
            wire.send(get("/"));
            started.await();
            var draining = Thread.startVirtualThread(() -> server.close(LONG));
            assertThat(idle.readAll()).isEmpty();
            assertThatThrownBy(() -> new Wire(port)).isInstanceOf(IOException.class);
            go.countDown();

            assertThat(wire.readAll()).contains("connection: close").endsWith("ok");
            draining.join();
        }
    }

    @Test
    void whatStillRunsAtTheDrainDeadlineIsCut() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Boolean>();
        int port =
                open(
                        HttpLimits.DEFAULTS,
                        (_, _) -> {
                            started.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } finally {
                                interrupted.complete(true);
                            }
                        });
        try (var wire = new Wire(port)) {
            wire.send(get("/"));
            started.await();

            server.close(SHORT);

            assertThat(wire.readAll()).isEmpty();
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ownersMayGiveRefusalsTheirOwnDialect() throws IOException {
        server =
                HttpServer.open(
                        DoorSettings.of(loops, "127.0.0.1", 0)
                                .with(HttpLimits.DEFAULTS.withBody(1))
                                .with((status, message, path) ->
                                        (path + " " + status).getBytes(StandardCharsets.UTF_8)),
                        (_, response) -> response.send(200, Map.of(), OK));

        var answer =
                Wire.exchange(
                        server.port(),
                        "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");

        assertThat(answer).endsWith("/v1/chat 413");
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        int port = echo(HttpLimits.DEFAULTS);

        assertThatThrownBy(() ->
                        HttpServer.open(DoorSettings.of(loops, "127.0.0.1", port), (_, _) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }
}
