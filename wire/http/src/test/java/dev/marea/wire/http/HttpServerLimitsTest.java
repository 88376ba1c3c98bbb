package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes beyond a limit is refused with its reason, and the next good request works. */
@Timeout(30)
class HttpServerLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] OK = "ok".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension final ServerOfTest server = new ServerOfTest();

    @Test
    void aTooLargeExpectedBodyIsRefusedWithoutContinue() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withBody(10));

        var answer =
                Wire.exchange(
                        port,
                        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");

        assertThat(Wire.statuses(answer)).containsExactly("413");
    }

    @Test
    void aChunkedBodyBeyondTheLimitIsRefusedBeforeItsRestIsRead() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withBody(1_000));
        try (var wire = new Wire(port)) {
            wire.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            wire.send("3E8\r\n" + "a".repeat(1_000) + "\r\n1\r\n");

            assertThat(wire.readAll())
                    .startsWith("HTTP/1.1 413")
                    .contains("the body is larger than 1000 bytes");
        }
        assertThat(Wire.exchange(port, Wire.lastGet("/next"))).contains("200 OK");
    }

    @Test
    void aSlowHeadIsRefused() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withTimes(SHORT, LONG, LONG, LONG, LONG));

        assertThat(Wire.exchange(port, "GET /a HTTP/1.1\r\nHo")).startsWith("HTTP/1.1 408");
        assertThat(server.counters().refused(Refusal.SLOW_HEAD)).isOne();
    }

    @Test
    void aSlowHeadOfASecondRequestIsRefusedToo() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withTimes(SHORT, LONG, LONG, LONG, LONG));

        var answer = Wire.exchange(port, Wire.get("/a") + "GET /b");

        assertThat(Wire.statuses(answer)).containsExactly("200", "408");
    }

    @Test
    void aBodyThatStopsIsRefused() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withTimes(LONG, SHORT, LONG, LONG, LONG));

        var answer =
                Wire.exchange(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na");

        assertThat(answer).startsWith("HTTP/1.1 408");
        assertThat(server.counters().refused(Refusal.SLOW_BODY)).isOne();
    }

    @Test
    void aBodyThatDripsForTooLongIsRefused() throws Exception {
        int port = server.echo(HttpLimits.DEFAULTS.withTimes(LONG, LONG, SHORT, LONG, LONG));
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
        int port = server.echo(HttpLimits.DEFAULTS.withTimes(LONG, LONG, LONG, SHORT, LONG));

        assertThat(Wire.exchange(port, "")).isEmpty();
        assertThat(Wire.statuses(Wire.exchange(port, Wire.get("/a")))).containsExactly("200");
    }

    @Test
    void aConnectionBeyondTheLimitIsTurnedAway() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS.withLoad(1, 10));
        try (var first = new Wire(port)) {
            first.send(Wire.get("/a"));
            first.readUntil("0;");

            assertThat(Wire.exchange(port, ""))
                    .startsWith("HTTP/1.1 503")
                    .contains("retry-after: 1");
            assertThat(Wire.exchange(port, Wire.lastGet("/" + "x".repeat(5_000))))
                    .startsWith("HTTP/1.1 503");
            assertThat(server.counters().refused(Refusal.TOO_MANY_CONNECTIONS)).isEqualTo(2);

            first.send(Wire.lastGet("/b"));
            assertThat(first.readAll()).endsWith("/b {} 0;");
        }
    }

    @Test
    void aRequestBeyondTheRunningLimitIsRefused() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        int port =
                server.open(
                        HttpLimits.DEFAULTS.withLoad(10, 1),
                        (request, response) -> {
                            if (request.path().equals("/slow")) {
                                started.countDown();
                                go.await();
                            }
                            response.send(200, Map.of(), OK);
                        });
        try (var slow = new Wire(port)) {
            slow.send(Wire.lastGet("/slow"));
            started.await();

            assertThat(Wire.exchange(port, Wire.lastGet("/a")))
                    .startsWith("HTTP/1.1 503")
                    .contains("retry-after");
            go.countDown();
            assertThat(slow.readAll()).endsWith("ok");
        }
        Wire.await(
                "room again",
                () -> {
                    try {
                        return Wire.exchange(port, Wire.lastGet("/b")).endsWith("ok");
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                });
    }

    @Test
    void ownersMayGiveRefusalsTheirOwnDialect() throws IOException {
        int port =
                server.open(
                        server.settings(0)
                                .with(HttpLimits.DEFAULTS.withBody(1))
                                .with((status, message, path) ->
                                        (path + " " + status).getBytes(StandardCharsets.UTF_8)),
                        (_, response) -> response.send(200, Map.of(), OK));

        var answer =
                Wire.exchange(
                        port, "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");

        assertThat(answer).endsWith("/v1/chat 413");
    }
}
