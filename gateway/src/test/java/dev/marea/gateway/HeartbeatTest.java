package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CRLF
class HeartbeatTest {
    private static final String BEAT = ": waiting for a replica\n\n";
    private static final String STREAM = "{\"messages\":[],\"model\":\"iris\",\"stream\":true}";

    private final Rig rig =
            new Rig(s ->
                    s.with(
                            new GatewaySettings.Waiting(
                                    10, 10, Duration.ofSeconds(3), Duration.ofMillis(20))));

    @AfterEach
    void close() {
        rig.close();
    }

    private static Route model(Revision revision) {
        return new Route(
                Rig.IRIS,
                List.of(),
                List.of(revision),
                0,
                Duration.ofSeconds(20),
                false,
                List.of("iris"));
    }

    private InputStream stream(String body) throws IOException {
        rig.tell(model(Rig.revision("r1", 100)));
        var request = rig.request("/v1/chat/completions").POST(BodyPublishers.ofString(body));
        var answer = Rig.join(rig.send(request, BodyHandlers.ofInputStream()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse(""))
                .startsWith("text/event-stream");
        var in = answer.body();
        for (int i = 0; i < 3; i++) {
            assertThat(new String(in.readNBytes(BEAT.length()), StandardCharsets.UTF_8))
                    .isEqualTo(BEAT);
        }
        return in;
    }

    private static String rest(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(BEAT, "");
    }

    @Test
    void aStreamThatWaitsHearsCommentsAndThenItsReplica() throws Exception {
        try (var llm =
                        new Replica(
                                "llm",
                                (_, socket) -> {
                                    Replica.write(
                                            socket,
                                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: 1\n\n");
                                    return true;
                                });
                var in = stream(STREAM)) {
            rig.tell(model(Rig.revision("r1", 100, llm)));
            assertThat(rest(in)).isEqualTo("data: 1\n\n");
            assertThat(llm.seen.getFirst().text()).isEqualTo(STREAM);
        }
    }

    @Test
    void aReplicaThatRefusesThenIsHeardAsAnEvent() throws Exception {
        try (var llm =
                        new Replica(
                                "llm",
                                (_, socket) -> {
                                    Replica.write(
                                            socket,
                                            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n{\"error\":{\"message\":\"long\"}}\n");
                                    return true;
                                });
                var in = stream(STREAM)) {
            rig.tell(model(Rig.revision("r1", 100, llm)));
            assertThat(rest(in)).isEqualTo("data: {\"error\":{\"message\":\"long\"}}\n\n");
        }
    }

    @Test
    void whoWaitsInVainIsToldByAnEvent() throws Exception {
        try (var in = stream(STREAM)) {
            assertThat(rest(in))
                    .startsWith("data: {\"error\":{\"message\":\"no replica was ready within 3 s\"")
                    .endsWith("\"code\":503}}\n\n");
        }
    }

    @Test
    void whoAskedForNoStreamHearsNothingBeforeTheAnswer() {
        rig.tell(model(Rig.revision("r1", 100)));
        var waited =
                rig.post(
                        "/v1/chat/completions",
                        "{\"model\":\"iris\",\"x\":\"\\\"stream\\\":true\"}");
        assertThat(waited.statusCode()).isEqualTo(503);
        assertThat(waited.body()).startsWith("{\"error\":");
    }
}
