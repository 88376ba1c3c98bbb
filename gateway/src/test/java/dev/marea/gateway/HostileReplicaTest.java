package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica that was taken over may answer: the client hears 502 or a broken stream. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CRLF
class HostileReplicaTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not http at all\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nbad\0name: x\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nx: "
            })
    void nonsenseIsABadGateway(String bytes) {
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.write(socket, bytes);
                            return false;
                        })) {
            rig.serve(evil);
            isBadGateway();
        }
    }

    @Test
    void hugeHeadersAreABadGateway() {
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nx: " + "y".repeat(1 << 20) + "\r\n\r\n");
                            return false;
                        })) {
            rig.serve(evil);
            isBadGateway();
        }
    }

    @Test
    void aFloodOfInformationalAnswersIsABadGatewayAndAFewAreSwallowed() {
        try (var evil =
                        new Replica(
                                "evil",
                                (_, socket) -> {
                                    Replica.write(
                                            socket,
                                            "HTTP/1.1 102 Processing\r\n\r\n".repeat(1_000));
                                    return true;
                                });
                var chatty =
                        new Replica(
                                "chatty",
                                (_, socket) -> {
                                    Replica.write(
                                            socket, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                                    return Replica.answer(socket, "ok");
                                })) {
            rig.serve(evil);
            isBadGateway();
            rig.serve(chatty);
            assertThat(rig.get(Rig.iris("/v2")).body()).isEqualTo("ok");
        }
    }

    /**
     * HTTP/1.1 cannot tell bytes that arrive just after the next request from its answer; those
     * that arrive before it end the connection.
     */
    @Test
    void bytesBehindAnAnswerEndTheConnectionAndAnswerNobody() {
        var ended = new AtomicInteger();
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.answer(socket, "good");
                            Replica.write(
                                    socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                            awaitEnd(socket);
                            ended.incrementAndGet();
                            return false;
                        })) {
            rig.serve(evil);
            for (int i = 1; i <= 20; i++) {
                int requests = i;
                assertThat(rig.get(Rig.iris("/v2")).body()).isEqualTo("good");
                Rig.await("the connection is ended", () -> ended.get() == requests);
            }
            assertThat(evil.seen).hasSize(20);
        }
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) { // as good an end as any
            socket.close();
        }
    }

    @Test
    void aBodyThatEndsEarlyIsNeverASuccess() throws IOException {
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                            return false;
                        })) {
            rig.serve(evil);
            var all = raw();
            assertThat(all).contains("abc").doesNotContain("\r\n0\r\n");
            Rig.await("a line", () -> rig.accessLines().size() == 1);
            assertThat(rig.accessLines().getFirst()).contains("\"reason\":\"UpstreamFailed\"");
        }
    }

    @Test
    void aBrokenStreamOfEventsSaysSoInWordsAndStillDoesNotEndWell() throws IOException {
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                            return false;
                        })) {
            rig.serve(evil);
            assertThat(raw())
                    .contains("data: 1\n\n")
                    .contains("event: error\ndata: {\"error\":")
                    .doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void whoNeverAnswersIsCutOffAfterTheServicesTimeout() {
        var end = new CountDownLatch(1);
        try (var evil = new Replica("evil", (_, _) -> end.await(20, TimeUnit.SECONDS))) {
            rig.tell(Rig.route(0, Duration.ofMillis(150), Rig.revision("r1", 100, evil)));
            var answer = rig.get(Rig.iris("/v2"));
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.headers().firstValue("x-marea-reason")).hasValue("UpstreamTimeout");
            assertThat(evil.seen).as("it is not tried again").hasSize(1);
            end.countDown();
        }
    }

    @Test
    void whoStopsInTheMiddleOfAnAnswerIsCutOffToo() throws IOException {
        var end = new CountDownLatch(1);
        try (var evil =
                new Replica(
                        "evil",
                        (_, socket) -> {
                            Replica.write(
                                    socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                            return end.await(20, TimeUnit.SECONDS);
                        })) {
            rig.tell(Rig.route(0, Duration.ofMillis(150), Rig.revision("r1", 100, evil)));
            assertThat(raw()).endsWith("abc");
            end.countDown();
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsWholeIsPassedOnAndNobodyHangs() throws IOException {
        var server = new java.net.ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        try (server) {
            rig.tell(
                    Rig.route(
                            new dev.marea.core.route.RouteTable.Revision(
                                    "r1",
                                    dev.marea.core.spec.Percent.ALL,
                                    java.util.List.of(
                                            new dev.marea.core.route.RouteTable.Replica(
                                                    "raw", "127.0.0.1", server.getLocalPort())))));
            Thread.ofVirtual()
                    .start(() -> {
                        try (var socket = server.accept()) {
                            Replica.write(
                                    socket, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
                            socket.getInputStream().skipNBytes(20 << 20);
                        } catch (IOException closed) {
                            // as it should be
                        }
                    });
            try (var client = open()) {
                Replica.write(
                        client,
                        "POST "
                                + Rig.iris("/v2")
                                + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
                assertThat(
                                new String(
                                        client.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 413 ")
                        .containsIgnoringCase("connection: close");
            }
        }
    }

    private void isBadGateway() {
        var answer = rig.get(Rig.iris("/v2"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("x-marea-reason")).hasValue("UpstreamFailed");
        try (var good = Replica.polite("good")) {
            rig.serve(good);
            assertThat(rig.get(Rig.iris("/v2")).body())
                    .as("the next good request")
                    .isEqualTo("good");
        }
    }

    private String raw() throws IOException {
        try (var client = open()) {
            Replica.write(client, "GET " + Rig.iris("/v2") + " HTTP/1.1\r\nHost: x\r\n\r\n");
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port());
        socket.setSoTimeout(10_000);
        return socket;
    }
}
