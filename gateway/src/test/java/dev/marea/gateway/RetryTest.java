package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.gateway.GatewaySettings.Forwarding;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final String PREDICT = Rig.iris("/v1/models/iris:predict");

    @Test
    void aDeadReplicaIsAvoidedAndNobodyNotices() {
        try (var rig = new Rig();
                var dead = Replica.polite("dead");
                var alive = Replica.polite("alive")) {
            dead.kill();
            rig.serve(dead, alive);
            for (int i = 0; i < 20; i++) {
                assertThat(rig.post(PREDICT, "{}").body()).isEqualTo("alive");
            }
            assertThat(rig.gateway.metrics()).contains("marea_gateway_ejections_total{");
        }
    }

    @Test
    void aPredictionIsAskedForAgainElsewhereIfTheReplicaBreaksBeforeAnyAnswer() {
        try (var rig = new Rig();
                var rude = new Replica("rude", (_, socket) -> reset(socket));
                var kind = Replica.polite("kind")) {
            rig.serve(rude, kind);
            for (int i = 0; i < 20; i++) {
                var answer = rig.post(PREDICT, "{\"instances\":[" + i + "]}");
                assertThat(answer.body()).isEqualTo("kind");
            }
            assertThat(kind.seen).hasSize(20);
            assertThat(kind.seen).extracting(s -> s.text()).contains("{\"instances\":[19]}");
        }
    }

    @Test
    void anotherPostIsNotRepeatedOnceItWasSent() {
        try (var rig = new Rig();
                var rude = new Replica("rude", (_, socket) -> reset(socket))) {
            rig.serve(rude);
            var answer = rig.post(Rig.iris("/v1/models/iris:train"), "{}");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("x-marea-reason")).hasValue("UpstreamFailed");
            assertThat(rude.seen).hasSize(1);
        }
    }

    @Test
    void predictionsAreNotRepeatedWhereThatIsSwitchedOff() {
        var off =
                new Forwarding(
                        Duration.ofSeconds(1), Duration.ofSeconds(4), 64, 64 << 10, 2, false);
        try (var rig = new Rig(s -> s.with(off));
                var rude = new Replica("rude", (_, socket) -> reset(socket))) {
            rig.serve(rude);
            assertThat(rig.post(PREDICT, "{}").statusCode()).isEqualTo(502);
            assertThat(rude.seen).hasSize(1);
        }
    }

    @Test
    void aRequestThatBreaksEveryReplicaIsGivenUpAfterTwoRetries() {
        try (var rig = new Rig();
                var rude = new Replica("rude", (_, socket) -> reset(socket))) {
            rig.serve(rude);
            assertThat(rig.post(PREDICT, "{}").statusCode()).isEqualTo(502);
            assertThat(rude.seen).hasSize(3);
        }
    }

    @Test
    void nothingIsRepeatedOnceAnAnswerHasBegun() {
        try (var rig = new Rig();
                var rude =
                        new Replica(
                                "rude",
                                (_, socket) -> {
                                    Replica.write(
                                            socket,
                                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                                    return false;
                                })) {
            rig.serve(rude);
            var answer = rig.send(rig.request(PREDICT).GET());
            assertThat(answer.handle((_, failed) -> failed != null).join())
                    .as("the client sees that it is broken")
                    .isTrue();
            assertThat(rude.seen).hasSize(1);
        }
    }

    @Test
    void aConnectionThatWasClosedWhileItWasIdleCostsNothing() {
        var first = new AtomicBoolean(true);
        try (var rig = new Rig();
                var moody =
                        new Replica(
                                "moody",
                                (_, socket) -> {
                                    Replica.answer(socket, "ok");
                                    return !first.getAndSet(false);
                                })) {
            rig.serve(moody);
            for (int i = 0; i < 5; i++) {
                assertThat(rig.post(PREDICT, "{}").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void killingOneOfTwoReplicasUnderLoadShowsNoError() throws Exception {
        try (var rig = new Rig();
                var doomed = Replica.polite("doomed");
                var other = Replica.polite("other")) {
            rig.serve(doomed, other);
            var answers = underLoad(rig, () -> doomed.seen.size() > 200, doomed::kill);
            assertThat(answers).containsOnly(200);
            assertThat(doomed.seen).hasSizeGreaterThan(200);
        }
    }

    @Test
    void killingTheOnlyReplicaMakesRequestsWaitForTheNext() throws Exception {
        try (var rig = new Rig();
                var doomed = Replica.polite("doomed");
                var next = Replica.polite("next")) {
            rig.serve(doomed);
            var answers =
                    underLoad(
                            rig,
                            () -> doomed.seen.size() > 200,
                            () -> {
                                doomed.kill();
                                rig.serve();
                                rig.serve(next);
                            });
            assertThat(answers).containsOnly(200);
            assertThat(next.seen).isNotEmpty();
        }
    }

    @Test
    void aReplicaThatComesBackOnItsPortIsTriedAgain() {
        try (var rig = new Rig();
                var doomed = Replica.polite("doomed")) {
            rig.serve(doomed);
            assertThat(rig.post(PREDICT, "{}").statusCode()).isEqualTo(200);
            doomed.kill();
            var answer =
                    rig.send(
                            rig.request(PREDICT)
                                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")));
            Rig.await(
                    "it was found dead",
                    () -> rig.gateway.metrics().contains("marea_gateway_ejections_total{"));
            try (var again =
                    new Replica("again", doomed.port(), (_, s) -> Replica.answer(s, "again"))) {
                assertThat(Rig.join(answer).body()).isEqualTo("again");
                assertThat(again.seen).hasSize(1);
            }
        }
    }

    /** Twenty clients ask until half a thousand answers after the moment of the event. */
    private static List<Integer> underLoad(
            Rig rig, java.util.function.BooleanSupplier when, Runnable event) throws Exception {
        var statuses = new ConcurrentLinkedQueue<Integer>();
        var after = new AtomicInteger(Integer.MAX_VALUE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < 20; i++) {
                clients.add(
                        threads.submit(() -> {
                            while (after.get() > 0) {
                                statuses.add(rig.post(PREDICT, "{\"instances\":[1]}").statusCode());
                                if (after.get() != Integer.MAX_VALUE) {
                                    after.decrementAndGet();
                                }
                            }
                        }));
            }
            Rig.await("some load", when);
            event.run();
            after.set(500);
            for (var client : clients) {
                client.get(30, java.util.concurrent.TimeUnit.SECONDS);
            }
        }
        return new ArrayList<>(statuses);
    }

    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        return false;
    }
}
