package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable.Revision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoutingTest {
    private final Rig rig = new Rig();
    private final Replica iris = Replica.polite("iris-a");

    @AfterEach
    void close() {
        rig.close();
        iris.close();
    }

    @Test
    void theModelSeesItsOwnPathWithoutThePrefixAndWithTheQuery() {
        rig.serve(iris);
        assertThat(rig.get(Rig.iris("/v1/models/iris?a=b%2F/c")).body()).isEqualTo("iris-a");
        assertThat(iris.seen.getFirst().line()).isEqualTo("GET /v1/models/iris?a=b%2F/c HTTP/1.1");
    }

    @Test
    void hostsMatchWhateverTheirCaseAndPort() throws IOException {
        rig.serve(iris);
        for (var host : List.of("iris-default.localhost", "IRIS.default.localhost:1234")) {
            assertThat(raw("GET /v2 HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("iris-a");
        }
    }

    @Test
    void anUnknownServiceIsNamedWithTheHostAndPathThatWereTried() throws IOException {
        rig.serve(iris);
        var byPath = rig.get("/serving/default/rose/v2");
        assertThat(byPath.statusCode()).isEqualTo(404);
        assertThat(byPath.headers().firstValue("x-marea-reason")).hasValue("NoSuchService");
        assertThat(byPath.body())
                .startsWith(
                        "{\"error\":\"no service 'rose' in namespace 'default' (path /serving/default/rose/v2,");
        assertThat(raw("GET /a HTTP/1.1\r\nHost: Rose.localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("no service has the host 'rose.localhost' (path /a)");
    }

    @Test
    void theBareHostIsHealthyAndHelpful() {
        assertThat(rig.get("/healthz").statusCode()).isEqualTo(200);
        var help = rig.get("/");
        assertThat(help.statusCode()).isEqualTo(404);
        assertThat(help.body()).contains("/serving/{namespace}/{name}/");
    }

    @Test
    void errorsSpeakTheDialectOfTheirPath() {
        var openAi = rig.post("/openai/v1/unknown", "{}");
        assertThat(openAi.body())
                .startsWith("{\"error\":{\"message\":\"no service")
                .endsWith("\"type\":\"NotFoundError\",\"param\":null,\"code\":404}}");
    }

    @Test
    void aStoppedServiceSaysSo() {
        rig.tell(
                new dev.marea.core.route.RouteTable.Route(
                        Rig.IRIS, List.of(), List.of(), 0, Duration.ofSeconds(5), true));
        var stopped = rig.get(Rig.iris("/v2"));
        assertThat(stopped.statusCode()).isEqualTo(503);
        assertThat(stopped.headers().firstValue("x-marea-reason")).hasValue("Stopped");
        assertThat(stopped.body()).isEqualTo("{\"error\":\"service default/iris is stopped\"}");
    }

    @Test
    void aReplicasMetricsAreNotForClients() {
        rig.serve(iris);
        for (var path : List.of("/metrics", "/metrics?x", "/%6detrics", "/x/../metrics")) {
            assertThat(rig.get(Rig.iris(path)).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(iris.seen).isEmpty();
    }

    @Test
    void trafficIsSplitAsAskedAndAnUnweightedRevisionGetsNone() {
        try (var canary = Replica.polite("canary");
                var old = Replica.polite("old")) {
            rig.tell(
                    Rig.route(
                            Rig.revision("r1", 90, iris),
                            Rig.revision("r2", 10, canary),
                            Rig.revision("r0", 0, old)));
            var counts = new HashMap<String, Integer>();
            for (int i = 0; i < 2_000; i++) {
                counts.merge(rig.get(Rig.iris("/v2")).body(), 1, Integer::sum);
            }
            assertThat(counts).as("seed 7").containsOnlyKeys("iris-a", "canary");
            assertThat(counts.get("canary")).as("seed 7").isBetween(170, 230);
        }
    }

    @Test
    void aTagLeadsToItsRevisionByHostAndByHeaderWhateverItsShare() throws IOException {
        try (var canary = Replica.polite("canary")) {
            var stable = Rig.revision("r1", 100, iris);
            var other = Rig.revision("r2", 0, canary);
            rig.tell(Rig.route(tagged(stable, "prev"), tagged(other, "v2")));
            assertThat(
                            raw(
                                    "GET /v2 HTTP/1.1\r\nHost: v2-iris-default.localhost\r\nConnection: close\r\n\r\n"))
                    .endsWith("canary");
            var byHeader =
                    "GET %s HTTP/1.1\r\nHost: h\r\nKnative-Serving-Tag: %s\r\nConnection: close\r\n\r\n";
            assertThat(raw(byHeader.formatted(Rig.iris("/v2"), "v2"))).endsWith("canary");
            assertThat(raw(byHeader.formatted(Rig.iris("/v2"), "nobody")))
                    .as("a tag that leads nowhere is as good as none")
                    .endsWith("iris-a");
            rig.tell(Rig.route(stable, other));
            assertThat(raw(byHeader.formatted(Rig.iris("/v2"), "v2")))
                    .as("without tag routing a header chooses nothing")
                    .endsWith("iris-a");
        }
    }

    private static Revision tagged(Revision revision, String tag) {
        return new Revision(revision.name(), revision.traffic(), revision.replicas(), List.of(tag));
    }

    @Test
    void manyRequestsShareFewConnections() {
        rig.serve(iris);
        for (int i = 0; i < 50; i++) {
            rig.post(Rig.iris("/v1/models/iris:predict"), "{\"instances\":[" + i + "]}");
        }
        assertThat(iris.seen).hasSize(50);
        assertThat(iris.seen.get(49).text()).isEqualTo("{\"instances\":[49]}");
        assertThat(iris.connections.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void everyAnswerLeavesALineAndACount() {
        rig.serve(iris);
        rig.post(Rig.iris("/v1/models/iris:predict?secret=1"), "12345");
        rig.get("/serving/default/rose/");
        Rig.await("two lines", () -> rig.accessLines().size() == 2);
        assertThat(rig.accessLines().getFirst())
                .contains(
                        "\"client\":\"127.0.0.1\"",
                        "\"namespace\":\"default\"",
                        "\"service\":\"iris\"")
                .contains(
                        "\"revision\":\"r1\"",
                        "\"replica\":\"iris-a\"",
                        "\"protocol\":\"HTTP/1.1\"")
                .contains("\"method\":\"POST\"", "/v1/models/iris:predict\"", "\"status\":200")
                .contains("\"bytesIn\":5", "\"bytesOut\":6")
                .doesNotContain("secret");
        assertThat(rig.accessLines().get(1))
                .contains("\"status\":404", "\"reason\":\"NoSuchService\"");
        assertThat(rig.gateway.metrics())
                .contains(
                        "marea_gateway_requests_total{code=\"200\",namespace=\"default\",revision=\"r1\",service=\"iris\"} 1.0")
                .contains(
                        "marea_gateway_refusals_total{namespace=\"\",reason=\"NoSuchService\",service=\"\"} 1.0");
    }

    private String raw(String bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port())) {
            socket.setSoTimeout(10_000);
            Replica.write(socket, bytes);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
