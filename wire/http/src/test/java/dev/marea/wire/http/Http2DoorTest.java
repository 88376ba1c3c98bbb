package dev.marea.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 at a door whose handler knows nothing of it. */
@Timeout(30)
class Http2DoorTest {
    private final CountDownLatch hold = new CountDownLatch(1);
    private EventLoops loops;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        loops = EventLoops.open(1);
        server =
                HttpServer.open(
                        DoorSettings.of(loops, "127.0.0.1", 0)
                                .with(HttpLimits.DEFAULTS.withBody(4 << 20)),
                        this::handle);
    }

    @AfterEach
    void close() {
        hold.countDown();
        server.close(Duration.ofMillis(100));
        loops.close();
    }

    private void handle(Request request, Response response)
            throws IOException, InterruptedException {
        switch (request.path()) {
            case "/echo" ->
                    response.send(200, Map.of("Content-Type", "text/plain"), request.body());
            case "/headers" ->
                    response.send(
                            200,
                            Map.of("connection", "keep-alive", "X-Seen", "yes"),
                            request.headers().toString().getBytes(StandardCharsets.UTF_8));
            case "/stream" -> {
                try (var out = response.stream(200, Map.of())) {
                    for (int i = 0; i < 100; i++) {
                        out.write(new byte[16 << 10]);
                    }
                }
            }
            case "/hold" -> {
                hold.await();
                response.send(200, Map.of(), new byte[0]);
            }
            default ->
                    response.send(404, Map.of(), request.path().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aRequestWithPriorKnowledgeIsAnsweredOnThePortOfHttp11() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer = wire.get(1, "/a/../b").flush().answer(1);

            assertThat(answer.status()).isEqualTo("404");
            assertThat(answer.body()).isEqualTo("/b");
        }
        assertThat(Wire.exchange(server.port(), Wire.lastGet("/x"))).startsWith("HTTP/1.1 404");
    }

    @Test
    void thePrefaceMayComeByteByByte() throws Exception {
        try (var wire = new Wire(server.port())) {
            for (var c : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".split("", -1)) {
                wire.send(c);
            }
            // an empty SETTINGS frame is the first thing that a server says
            assertThat(wire.socket.getInputStream().readNBytes(4)[3]).isEqualTo((byte) 4);
        }
    }

    @Test
    void whatOnlyBeginsLikeThePrefaceIsRefusedAsHttp11() throws IOException {
        assertThat(Wire.exchange(server.port(), "PRI * HTTP/2.0\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 505");
        assertThat(
                        Wire.exchange(
                                server.port(),
                                "PRI /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void bodiesGoBothWaysAndManyStreamsShareTheConnection() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.post(1, "/echo").post(3, "/echo").data(3, "three", true).data(1, "one", true);
            wire.flush();

            assertThat(wire.answer(3).body()).isEqualTo("three");
            assertThat(wire.get(5, "/x").flush().answer(5).status()).isEqualTo("404");
            assertThat(server.counters().requests()).isEqualTo(3);
            assertThat(server.counters().open()).isEqualTo(1);
        }
    }

    @Test
    void headersOfTheConnectionDoNotCrossAndCookiesAreJoined() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer =
                    wire.post(1, "/headers", "cookie", "a=1", "cookie", "b=2", "te", "trailers")
                            .data(1, "", true)
                            .flush()
                            .answer(1);

            assertThat(answer.head())
                    .containsEntry("x-seen", "yes")
                    .doesNotContainKey("connection");
            assertThat(answer.body()).contains("host=[a]", "cookie=[a=1; b=2]", "te=[trailers]");
        }
    }

    @Test
    void anAnswerWaitsForTheClientsWindow() throws Exception {
        int streamWindow = 4;
        try (var wire = new Http2Wire(server.port(), streamWindow, 20_000)) {
            wire.get(1, "/stream").flush();
            int read = 0;
            while (read < 20_000) {
                read += wire.readUntil(Http2Wire.DATA).payload().length;
            }
            assertThat(read).isEqualTo(20_000);

            wire.number(Http2Wire.WINDOW_UPDATE, 1, 2 << 20)
                    .number(Http2Wire.WINDOW_UPDATE, 0, 2 << 20)
                    .flush();
            assertThat(wire.answer(1).body()).hasSize((1_600 << 10) - 20_000);
        }
    }

    @Test
    void aBodyLargerThanTheWindowsIsTakenAsItIsRead() throws Exception {
        var body = "0123456789abcdef".repeat(200_000);

        var answer = postOverTls(body, "text/plain");

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo(body);
    }

    /** The door bounds gRPC by message, which a handler that gathers bodies does not know. */
    @Test
    void aBodyThatSaysItIsGrpcIsGatheredUpToTheLimitOnly() throws Exception {
        var answer = postOverTls("x".repeat(5 << 20), "application/grpc");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("the body is larger than 4194304 bytes");
    }

    private HttpResponse<String> postOverTls(String body, String type) throws Exception {
        var issued = Certificates.issue(Instant.now(), List.of());
        var settings =
                DoorSettings.of(loops, "127.0.0.1", 0)
                        .with(HttpLimits.DEFAULTS.withBody(4 << 20))
                        .with(ServerTls.withHttp2(issued.server()));
        try (var tls = HttpServer.open(settings, this::handle);
                var client = HttpClient.newBuilder().sslContext(TlsTest.trusting(issued)).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create("https://localhost:" + tls.port() + "/echo"))
                            .header("content-type", type)
                            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> stream(body)))
                            .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static InputStream stream(String body) {
        return new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aHeadIsAnsweredWithoutBody() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer =
                    wire.request(
                                    1,
                                    true,
                                    ":method",
                                    "HEAD",
                                    ":scheme",
                                    "http",
                                    ":path",
                                    "/x",
                                    ":authority",
                                    "a")
                            .flush()
                            .answer(1);

            assertThat(answer.head())
                    .containsEntry(":status", "404")
                    .containsEntry("content-length", "2");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void anExpectationIsMetBeforeTheBody() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.post(1, "/echo", "expect", "100-continue").flush();
            wire.readUntil(Http2Wire.HEADERS);
            wire.data(1, "x", true).flush();

            assertThat(wire.answer(1).body()).isEqualTo("x");
        }
    }

    @Test
    void pingsAreAnswered() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.frame(Http2Wire.PING, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII))
                    .flush();

            var pong = wire.readUntil(Http2Wire.PING);
            assertThat(pong.flags()).isEqualTo(1);
            assertThat(pong.payload()).asString(StandardCharsets.US_ASCII).isEqualTo("12345678");
        }
    }

    @Test
    void aClosingDoorSaysGoAwayAndLetsStreamsFinish() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            wire.get(1, "/hold").flush();
            Wire.await("the request", () -> server.counters().requests() == 1);
            var closing = Thread.ofVirtual().start(() -> server.close(Duration.ofSeconds(10)));

            assertThat(wire.readUntil(Http2Wire.GOAWAY).number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(wire.readUntil(Http2Wire.GOAWAY).number(0)).isEqualTo(1);
            hold.countDown();
            assertThat(wire.answer(1).status()).isEqualTo("200");
            assertThat(wire.socket.getInputStream().read()).isEqualTo(-1);
            wire.socket.close();
            assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndTheConnectionLivesOn() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var tooLarge = wire.post(1, "/echo", "content-length", "5000000").flush().answer(1);
            assertThat(tooLarge.status()).isEqualTo("413");

            assertThat(wire.get(3, "/x").flush().answer(3).status()).isEqualTo("404");
            assertThat(server.counters().refused(Refusal.BODY_TOO_LARGE)).isEqualTo(1);
        }
    }

    @Test
    void gRpcIsRefusedInItsOwnWords() throws Exception {
        try (var wire = new Http2Wire(server.port())) {
            var answer =
                    wire.post(
                                    1,
                                    "/a.B/C",
                                    "content-type",
                                    "application/grpc",
                                    "content-length",
                                    "5000000")
                            .flush()
                            .answer(1);

            assertThat(answer.head())
                    .containsEntry(":status", "200")
                    .containsEntry("grpc-status", "8")
                    .containsEntry("grpc-message", "the body is larger than 4194304 bytes");
        }
    }
}
