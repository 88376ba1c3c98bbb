package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CRLF
class StreamingTest {
    private static final String CHAT = Rig.iris("/v1/chat/completions");

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void everyEventPassesAtOnce() throws Exception {
        var next = new Semaphore(1);
        try (var llm =
                new Replica(
                        "llm",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n");
                            for (int i = 0; i < 5; i++) {
                                next.acquire();
                                chunk(socket, "data: " + i + "\n\n");
                            }
                            Replica.write(socket, "0\r\n\r\n");
                            return true;
                        })) {
            rig.serve(llm);
            var answer =
                    Rig.join(
                            rig.send(
                                    rig.request(CHAT).POST(BodyPublishers.ofString("{}")),
                                    BodyHandlers.ofInputStream()));
            assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
            try (var in = answer.body()) {
                for (int i = 0; i < 5; i++) {
                    var event = new String(in.readNBytes(9), StandardCharsets.UTF_8);
                    assertThat(event).isEqualTo("data: " + i + "\n\n");
                    next.release(); // the replica has not even made the next one yet
                }
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aClientThatLeavesEndsTheReplicasWorkAtOnce() throws Exception {
        try (var llm =
                new Replica(
                        "llm",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                            while (socket.getInputStream().available() == 0) {
                                chunk(socket, "x"); // fails once nobody listens
                            }
                            return true;
                        })) {
            rig.serve(llm);
            try (var client = open()) {
                Replica.write(client, "GET " + CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.getInputStream().readNBytes(15)).isNotEmpty();
            }
            Rig.await("the replica was cut off", () -> llm.broken.get() == 1);
            Rig.await("a line", () -> rig.accessLines().size() == 1);
            assertThat(rig.accessLines().getFirst()).contains("\"status\":499");
        }
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerEndsTheReplicasWorkToo() throws Exception {
        try (var llm =
                new Replica(
                        "llm",
                        (_, socket) -> {
                            int end = socket.getInputStream().read();
                            throw new IOException("the gateway left: " + end);
                        })) {
            rig.serve(llm);
            try (var client = open()) {
                Replica.write(client, "GET " + CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n");
                Rig.await("it works", () -> llm.busy.get() == 1);
            }
            Rig.await("the replica was cut off", () -> llm.broken.get() == 1);
        }
    }

    @Test
    void aSlowReaderStopsTheReplicaInsteadOfFillingTheGateway() throws Exception {
        var written = new AtomicLong();
        var block = "x".repeat(64 << 10);
        try (var llm =
                new Replica(
                        "llm",
                        (_, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nContent-Length: "
                                            + (1L << 30)
                                            + "\r\n\r\n");
                            for (long n = 0; n < 1L << 30; n += block.length()) {
                                Replica.write(socket, block);
                                written.addAndGet(block.length());
                            }
                            return true;
                        })) {
            rig.serve(llm);
            try (var client = open()) {
                Replica.write(client, "GET " + CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.getInputStream().readNBytes(100)).hasSize(100);
                long stuck = standsStill(written);
                assertThat(stuck)
                        .as("what two sockets and a small buffer hold")
                        .isLessThan(64 << 20);
                client.getInputStream().skipNBytes(100 << 20);
                Rig.await("it goes on", () -> written.get() > stuck);
            }
        }
    }

    @Test
    void anUploadStreamsToTheReplicaAndIsHeldBackWhileThatDoesNotRead() throws Exception {
        var go = new Semaphore(0);
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
            var sent = new AtomicLong();
            int size = 48 << 20;
            var answer = new java.util.concurrent.CompletableFuture<String>();
            Thread.ofVirtual().start(() -> upload(size, sent, answer));
            try (var replica = server.accept()) {
                long stuck = standsStill(sent);
                assertThat(stuck).isLessThan(40 << 20);
                go.release();
                long total = 0;
                var in = replica.getInputStream();
                var buffer = new byte[64 << 10];
                long headAndBody = -1;
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (headAndBody < 0) {
                        var text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                        headAndBody = text.indexOf("\r\n\r\n") + 4L + size;
                    }
                    total += n;
                    if (total == headAndBody) {
                        break;
                    }
                }
                Replica.answer(replica, "all");
                assertThat(Rig.join(answer)).contains("200 OK").endsWith("all");
            }
        }
    }

    @Test
    void anAnswerThatEndsWithItsConnectionReachesTheClientWhole() {
        try (var old =
                new Replica(
                        "old",
                        (_, socket) -> {
                            Replica.write(socket, "HTTP/1.0 200 OK\r\n\r\nuntil the end");
                            return false;
                        })) {
            rig.serve(old);
            var answer = rig.get(CHAT);
            assertThat(answer.body()).isEqualTo("until the end");
            assertThat(rig.get(CHAT).body()).isEqualTo("until the end");
        }
    }

    @Test
    void aHeadRequestGetsTheHeadersAndTheConnectionLivesOn() throws IOException {
        try (var iris =
                new Replica(
                        "iris",
                        (request, socket) -> {
                            Replica.write(
                                    socket,
                                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                                            + (request.line().startsWith("HEAD") ? "" : "hello"));
                            return true;
                        })) {
            rig.serve(iris);
            try (var client = open()) {
                Replica.write(
                        client,
                        ("HEAD PATH HTTP/1.1\r\nHost: x\r\n\r\n"
                                        + "GET PATH HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                .replace("PATH", Rig.iris("/v2")));
                var all =
                        new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(3);
                assertThat(all).endsWith("\r\n\r\nhello");
            }
        }
    }

    private void upload(
            int size, AtomicLong sent, java.util.concurrent.CompletableFuture<String> answer) {
        try (var client = open()) {
            Replica.write(
                    client,
                    "POST "
                            + CHAT
                            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                            + size
                            + "\r\n\r\n");
            var block = new byte[64 << 10];
            for (int n = 0; n < size; n += block.length) {
                client.getOutputStream().write(block);
                sent.addAndGet(block.length);
            }
            answer.complete(
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failed) {
            answer.completeExceptionally(failed);
        }
    }

    /** The count once it has not moved for half a second. */
    private static long standsStill(AtomicLong count) {
        long seen = -1;
        long since = System.nanoTime();
        while (seen <= 0 || System.nanoTime() - since < 500_000_000L) {
            if (count.get() != seen) {
                seen = count.get();
                since = System.nanoTime();
            }
            LockSupport.parkNanos(1_000_000);
        }
        return seen;
    }

    private static void chunk(Socket socket, String data) throws IOException {
        Replica.write(socket, Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    private Socket open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port());
        socket.setSoTimeout(10_000);
        return socket;
    }
}
