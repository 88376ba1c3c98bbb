package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {
    @Test
    void closingFinishesWhatRunsAndTakesNothingNew() throws Exception {
        var end = new CountDownLatch(1);
        try (var rig = new Rig();
                var iris =
                        new Replica(
                                "iris",
                                (_, socket) ->
                                        end.await(20, TimeUnit.SECONDS)
                                                && Replica.answer(socket, "done"))) {
            rig.serve(iris);
            int port = rig.gateway.port();
            var running = rig.send(rig.request(Rig.iris("/v2")).GET());
            Rig.await("it runs", () -> iris.busy.get() == 1);
            var closing = Thread.ofVirtual().start(rig.gateway::close);
            Rig.await("it says so", () -> !rig.gateway.ready());
            Rig.await("the port is shut", () -> refuses(port));
            end.countDown();
            assertThat(Rig.join(running).body()).isEqualTo("done");
            assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void itGivesNoticeBeforeItClosesAndServesMeanwhile() throws Exception {
        var lead = Duration.ofSeconds(3);
        try (var rig = new Rig(s -> s.withLead(lead));
                var iris = Replica.polite("iris")) {
            rig.serve(iris);
            long start = System.nanoTime();
            var closing = Thread.ofVirtual().start(rig.gateway::close);
            Rig.await("it says so", () -> !rig.gateway.ready());

            var answer = rig.get(Rig.iris("/v2"));
            assertThat(answer.body()).isEqualTo("iris");
            assertThat(answer.headers().firstValue("connection")).isEmpty();
            assertThat(rig.get("/healthz").statusCode()).isEqualTo(503);
            assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(lead.toNanos());
        }
    }

    @Test
    void whoStillWaitsForAReplicaNearTheEndHearsThatTheGatewayCloses() throws Exception {
        try (var rig = new Rig(s -> s.withDrain(Duration.ofSeconds(1)))) {
            rig.serve();
            var waiting =
                    rig.send(rig.request(Rig.iris("/v2")).POST(BodyPublishers.ofString("{}")));
            Rig.await(
                    "it waits", () -> rig.gateway.metrics().contains("marea_gateway_waiting 1.0"));
            var closing = Thread.ofVirtual().start(rig.gateway::close);
            var answer = Rig.join(waiting);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("x-marea-reason")).hasValue("ShuttingDown");
            assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private static boolean refuses(int port) {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !probe.isConnected();
        } catch (IOException refusedOrReset) { // reset: the port shut between SYN and accept
            return true;
        }
    }
}
