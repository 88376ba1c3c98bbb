package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class HttpServerTest {
    private static final byte[] OK = "ok".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension final ServerOfTest server = new ServerOfTest();

    @Test
    void pipelinedRequestsAreAnsweredInOrderOneAtATime() throws IOException {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        int port =
                server.open(
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
            all.append(Wire.get("/" + i));
        }

        var answer = Wire.exchange(port, all + Wire.lastGet("/last"));

        var bodies = answer.replaceAll("HTTP/1.1 200 OK\r\n([^\r]+\r\n)*\r\n", "");
        assertThat(bodies).startsWith("/0;/1;/2;/3;").endsWith("/1999;/last;");
        assertThat(most).hasValue(1);
    }

    @Test
    void nothingBehindARefusedRequestIsExecuted() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS);

        var answer = Wire.exchange(port, Wire.get("/a") + "BAD\r\n\r\n" + Wire.get("/b"));

        assertThat(Wire.statuses(answer)).containsExactly("200", "400");
        assertThat(answer).doesNotContain("/b");
    }

    @Test
    void queryParametersAreDecoded() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS);

        assertThat(Wire.exchange(port, Wire.lastGet("/q?a=1&b=x+y%26&a=2&flag")))
                .endsWith("/q {a=[1, 2], b=[x y&], flag=[]} 0;");
    }

    @Test
    void headIsAnsweredWithoutBody() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS);

        var answer = Wire.exchange(port, Wire.head("/a", "keep-alive") + Wire.head("/b", "close"));

        assertThat(Wire.statuses(answer)).containsExactly("200", "200");
        assertThat(answer).contains("content-length: 8").endsWith("\r\n\r\n");
    }

    @Test
    void aClientThatExpectsIsToldToContinue() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS);
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
    void anHttp10ClientGetsAClosedConnectionInsteadOfChunks() throws IOException {
        int port =
                server.open(
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
    void aHandlersExceptionIsA500WithoutItsText() throws IOException {
        int port =
                server.open(
                        HttpLimits.DEFAULTS,
                        (request, _) -> {
                            if (request.path().equals("/bug")) {
                                throw new IllegalStateException("secret");
                            }
                        });

        assertThat(Wire.exchange(port, Wire.lastGet("/bug")))
                .startsWith("HTTP/1.1 500")
                .endsWith("{\"error\":\"internal error\"}")
                .doesNotContain("secret");
        assertThat(Wire.exchange(port, Wire.lastGet("/silent"))).startsWith("HTTP/1.1 500");
    }

    @Test
    void aStreamThatFailsEndsWithoutItsLastChunk() throws IOException {
        int port =
                server.open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            response.stream(200, Map.of()).write(OK);
                            throw new IOException("upstream broke");
                        });

        assertThat(Wire.exchange(port, Wire.get("/")))
                .startsWith("HTTP/1.1 200")
                .doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void everyFlushOfAStreamReachesTheClient() throws Exception {
        var go = new CompletableFuture<Void>();
        int port =
                server.open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            var out = response.stream(200, Map.of("content-type", "text/plain"));
                            out.write("first".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            go.join();
                            out.write("second".getBytes(StandardCharsets.UTF_8));
                        });
        try (var wire = new Wire(port)) {
            wire.send(Wire.get("/"));
            assertThat(wire.readUntil("first\r\n"))
                    .contains("transfer-encoding: chunked", "5\r\nfirst");
            go.complete(null);

            assertThat(wire.readUntil("0\r\n\r\n")).contains("6\r\nsecond");
            wire.send(Wire.get("/again"));
            assertThat(wire.readUntil("0\r\n\r\n")).contains("200 OK");
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        int port = server.echo(HttpLimits.DEFAULTS);

        assertThatThrownBy(() -> HttpServer.open(server.settings(port), (_, _) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }
}
