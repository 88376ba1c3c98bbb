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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that stop reading or go away, and doors that close. */
@Timeout(30)
class HttpServerEndingsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] OK = "ok".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension final ServerOfTest server = new ServerOfTest();

    @Test
    void aSlowReaderHoldsItsWriterBackAndAStalledOneIsCut() throws Exception {
        var failure = new CompletableFuture<IOException>();
        var written = new AtomicInteger();
        int port =
                server.open(
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
            wire.send(Wire.get("/"));

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
                server.open(
                        HttpLimits.DEFAULTS.withTimes(
                                LONG, LONG, LONG, LONG, Duration.ofMillis(300)),
                        (_, response) -> response.send(200, Map.of(), new byte[64 << 20]));
        try (var wire = new Wire(port)) {
            wire.send(Wire.get("/"));

            Wire.await("cut", () -> server.counters().refused(Refusal.STALLED_READER) == 1);
            Wire.await("closed", () -> server.counters().open() == 0);
        }
    }

    @Test
    void aHandlerSeesThatItsClientIsGone() throws Exception {
        var started = new CountDownLatch(1);
        var seen = new CompletableFuture<Boolean>();
        int port =
                server.open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            started.countDown();
                            Wire.await("gone", response::clientGone);
                            seen.complete(true);
                            assertThatThrownBy(() -> response.send(200, Map.of(), OK))
                                    .isInstanceOf(IOException.class);
                        });
        try (var wire = new Wire(port)) {
            wire.send(Wire.get("/"));
            started.await();
        }

        assertThat(seen.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void drainingFinishesRunningRequestsAndAcceptsNoMore() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        int port =
                server.open(
                        HttpLimits.DEFAULTS,
                        (_, response) -> {
                            started.countDown();
                            go.await();
                            response.send(200, Map.of(), OK);
                        });
        try (var wire = new Wire(port);
                var idle = new Wire(port)) {
            wire.send(Wire.get("/"));
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
                server.open(
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
            wire.send(Wire.get("/"));
            started.await();

            server.close(SHORT);

            assertThat(wire.readAll()).isEmpty();
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
