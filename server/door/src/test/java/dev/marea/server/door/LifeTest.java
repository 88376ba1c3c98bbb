package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.ModelSettings;
import dev.marea.server.predict.WorkSettings;
import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LifeTest {
    private static final String HELD = "{\"instances\":[[-1000,1]]}";
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String GOOD = "{\"instances\":[[1,2]]}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @Test
    void theSocketIsOpenButNotReadyWhileTheModelLoads() throws Exception {
        var mayLoad = new CountDownLatch(1);
        try (var served = Served.open(home, "one.fake", new FakeRuntime(mayLoad))) {
            var notReady = "{\"error\":\"Model with name m is not ready.\"}";
            assertThat(served.get("/v2/health/live").statusCode()).isEqualTo(200);
            assertThat(served.get("/v2/health/ready").body()).isEqualTo("{\"ready\":false}");
            for (var path : new String[] {"/v1/models/m", "/v2/models/m", "/v2/models/m/ready"}) {
                assertThat(served.get(path).statusCode()).isEqualTo(503);
                assertThat(served.get(path).body()).isEqualTo(notReady);
            }
            var early = served.predict(GOOD);
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).isEqualTo(notReady);
            assertThat(early.headers().firstValue("retry-after")).hasValue("1");

            mayLoad.countDown();
            served.server.awaitLoaded();

            assertThat(served.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(served.predict(GOOD).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFailedLoadSaysWhereAndWhy() throws IOException {
        try (var served = Served.open(home, "broken.fake", new FakeRuntime())) {
            assertThatThrownBy(served.server::awaitLoaded)
                    .isInstanceOf(LoadFailure.class)
                    .hasMessageContaining(
                            "broken.fake, byte 17: opcode 'x' is unknown; save it again");
        }
    }

    @Test
    void aBugInALoaderIsALoadFailureToo() throws IOException {
        try (var served = Served.open(home, "bug.fake", new FakeRuntime())) {
            assertThatThrownBy(served.server::awaitLoaded)
                    .isInstanceOf(LoadFailure.class)
                    .hasMessageContaining("a bug in the loader");
        }
    }

    @Test
    void probabilitiesAreAnsweredWhenTheProcessWasToldSo() throws Exception {
        try (var served =
                Served.open(
                        home,
                        "one.fake",
                        new FakeRuntime(),
                        s ->
                                s.with(
                                        new ModelSettings(
                                                "m", s.model().model(), Optional.empty(), true)))) {
            served.server.awaitLoaded();

            assertThat(served.predict(GOOD).body()).isEqualTo("{\"predictions\":[[0.25,0.75]]}");
        }
    }

    @Test
    void aFullQueueRefusesAndHealthIsStillTold() throws Exception {
        var runtime = new FakeRuntime();
        try (var served =
                Served.open(
                        home,
                        "one.fake",
                        runtime,
                        s -> s.with(new WorkSettings(1, 1, Duration.ofSeconds(30), 1 << 20)))) {
            served.server.awaitLoaded();
            var running = inBackground(served, HELD);
            runtime.predicting.acquire();
            var waiting = inBackground(served, GOOD);
            Served.await("queued", () -> metric(served, "marea_server_queue_length 1"));

            var refused = served.predict(GOOD);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(refused.body()).contains("more predictions are waiting");
            assertThat(served.get("/v2/health/ready").statusCode()).isEqualTo(200);
            runtime.mayPredict.release();
            assertThat(running.get().statusCode()).isEqualTo(200);
            assertThat(waiting.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRequestThatWaitedTooLongIsRefused() throws Exception {
        var runtime = new FakeRuntime();
        try (var served =
                Served.open(
                        home,
                        "one.fake",
                        runtime,
                        s -> s.with(new WorkSettings(1, 1, Duration.ofNanos(1), 1 << 20)))) {
            served.server.awaitLoaded();

            var late = served.predict(GOOD);

            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.body()).contains("waited longer");
        }
    }

    @Test
    void bodiesBeyondTheirMemoryAreRefusedAndTheMemoryComesBack() throws Exception {
        try (var served =
                Served.open(
                        home,
                        "one.fake",
                        new FakeRuntime(),
                        s -> s.with(new WorkSettings(1, 10, Duration.ofSeconds(30), 1_000)))) {
            served.server.awaitLoaded();
            var large = "{\"instances\":[[1,2]],\"x\":\"" + "y".repeat(2_000) + "\"}";

            for (int i = 0; i < 3; i++) {
                assertThat(served.predict(large).statusCode()).isEqualTo(503);
                assertThat(served.predict(GOOD).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        try (var served = Served.open(home, "one.fake", new FakeRuntime());
                var socket = new Socket(LOOPBACK, served.server.port())) {
            served.server.awaitLoaded();
            socket.getOutputStream()
                    .write(
                            "POST /v1/models/m:predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            var answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .contains("{\"error\":\"the body is larger than");
        }
    }

    @Test
    void drainingIsNotReadyAtOnceAndFinishesWhatRuns() throws Exception {
        var runtime = new FakeRuntime();
        var served = Served.open(home, "one.fake", runtime);
        served.server.awaitLoaded();
        var running = inBackground(served, HELD);
        runtime.predicting.acquire();

        var closing = Thread.startVirtualThread(served.server::close);
        Served.await("not ready", () -> !served.server.isReady());
        runtime.mayPredict.release();

        assertThat(running.get().body()).isEqualTo("{\"predictions\":[[-1000.0,1.0]]}");
        closing.join();
        assertThat(runtime.closed).isTrue();
        served.close();
    }

    private static FutureTask<HttpResponse<String>> inBackground(Served served, String body) {
        var task = new FutureTask<>(() -> served.predict(body));
        Thread.startVirtualThread(task);
        return task;
    }

    private static boolean metric(Served served, String line) {
        try {
            return served.get("/metrics").body().contains(line);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
