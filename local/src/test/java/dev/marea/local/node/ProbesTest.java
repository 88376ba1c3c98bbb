package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes of a sleeping container, answered by this test. */
final class ProbesTest {
    private static final String SLEEPS = "args: [-c, 'exec sleep 100'], ";

    private final AtomicInteger status = new AtomicInteger(503);
    private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private HttpServer server;
    private Fixture world;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked.add(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("X-Who"));
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                });
        server.start();
        world = new Fixture(home);
    }

    @AfterEach
    void close() {
        world.close();
        server.stop(0);
    }

    private String http() {
        return "httpGet: {path: '/v2/health/ready?x=1', port: %d, httpHeaders: [{name: X-Who, value: me}]}"
                .formatted(server.getAddress().getPort());
    }

    @Test
    void aPodIsReadySoonAfterItSaysSoWhateverThePeriod() throws Exception {
        world.run(
                "http",
                SLEEPS
                        + "readinessProbe: {periodSeconds: 3600, timeoutSeconds: 60, %s}"
                                .formatted(http()));
        var waits =
                world.await(
                        "http",
                        p ->
                                Fixture.condition(p, "Ready").isPresent()
                                        && p.text("status", "phase").orElse("").equals("Running"));
        assertThat(Fixture.condition(waits, "Ready").flatMap(c -> c.text("message")))
                .contains("containers with unready status: [main]");
        // the first answer is out before the next one changes
        world.awaitEvent(
                "Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503");
        assertThat(asked).first().isEqualTo("/v2/health/ready?x=1 me");

        status.set(302);

        world.await("http", Fixture::ready);
    }

    @Test
    void readinessIsLostAfterItsThresholdAndComesBack() throws Exception {
        status.set(200);
        world.run(
                "flaky",
                SLEEPS
                        + "readinessProbe: {periodSeconds: 1, failureThreshold: 1, %s}"
                                .formatted(http()));
        world.await("flaky", Fixture::ready);

        status.set(500);
        world.await("flaky", p -> !Fixture.ready(p));
        status.set(200);
        world.await("flaky", Fixture::ready);
    }

    @Test
    void aContainerThatIsNotAliveIsRestarted() throws Exception {
        world.run(
                "hung",
                SLEEPS
                        + "livenessProbe: {periodSeconds: 1, failureThreshold: 1, %s}"
                                .formatted(http()));

        world.await("hung", p -> Fixture.restarts(p) >= 1);

        world.awaitEvent("Killing: Container main failed liveness probe, will be restarted");
    }

    @Test
    void nothingElseIsProbedBeforeItHasStarted() throws Exception {
        var up = world.shared().resolve("up");
        status.set(200);
        world.run(
                "slow",
                SLEEPS
                        + "startupProbe: {periodSeconds: 1, failureThreshold: 100, exec: {command: [test, -f, %s]}}, readinessProbe: {%s}"
                                .formatted(up, http()));
        world.await("slow", p -> p.text("status", "phase").orElse("").equals("Running"));
        assertThat(asked.poll(300, TimeUnit.MILLISECONDS)).isNull();

        Files.createFile(up);

        var ready = world.await("slow", Fixture::ready);
        assertThat(Fixture.container(ready).flag("started")).isTrue();
    }

    @Test
    void aTcpProbeIsContentWithAConnection() throws Exception {
        world.run(
                "tcp",
                SLEEPS
                        + "readinessProbe: {tcpSocket: {port: %d}}"
                                .formatted(server.getAddress().getPort()));

        world.await("tcp", Fixture::ready);
    }

    @Test
    void aGrpcProbeAsksForHealth() throws Exception {
        // the port is another's: it takes connections, which is not enough
        world.run(
                "grpc",
                SLEEPS
                        + "readinessProbe: {periodSeconds: 1, grpc: {port: %d, service: s}}"
                                .formatted(server.getAddress().getPort()));

        world.awaitEvent("Unhealthy: Readiness probe failed: health rpc");
    }

    @Test
    void aPortByNameThatNobodyHasIsAFailureWithWords() throws Exception {
        world.run(
                "wrong", SLEEPS + "readinessProbe: {periodSeconds: 1, tcpSocket: {port: nowhere}}");

        world.awaitEvent("Unhealthy: Readiness probe failed: no containerPort is named");
    }
}
