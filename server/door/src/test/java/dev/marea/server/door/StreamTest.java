package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.predict.WorkSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers in parts. The fake model gives one for each number. */
class StreamTest {
    private final FakeRuntime runtime = new FakeRuntime();

    @SuppressWarnings("NullAway.Init")
    private Served served;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        served =
                Served.open(
                        home,
                        "parts.fake",
                        runtime,
                        settings ->
                                settings.with(
                                        new WorkSettings(1, 8, Duration.ofSeconds(30), 64 << 20)));
        served.server.awaitLoaded();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static String infer(String numbers) {
        int count = numbers.split(",").length;
        return "{\"id\":\"7\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[%d],\"data\":[%s]}]}"
                .formatted(count, numbers);
    }

    private static String event(String value) {
        return "data: {\"model_name\":\"m\",\"model_version\":\"1\",\"id\":\"7\",\"outputs\":[{\"name\":\"output-0\","
                + "\"shape\":[1],\"datatype\":\"FP64\",\"data\":["
                + value
                + "]}]}\n\n";
    }

    @Test
    void eachPartIsAnEvent() throws Exception {
        var answer = served.post("/v2/models/m/infer_stream", infer("1,2.5"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("text/event-stream; charset=utf-8");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(answer.body()).isEqualTo(event("1.0") + event("2.5"));
    }

    @Test
    void generateStreamsPlainValues() throws Exception {
        var answer =
                served.post("/v2/models/m/generate_stream", "{\"id\":\"7\",\"input-0\":[1,2.5]}");

        assertThat(answer.body())
                .isEqualTo(
                        """
                        data: {"id":"7","model_name":"m","model_version":"1","output-0":1.0}

                        data: {"id":"7","model_name":"m","model_version":"1","output-0":2.5}

                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "text/event-stream, true",
        "Text/Event-Stream;q=0.9, true",
        "'application/json, text/event-stream', false",
        "'*/*, text/event-stream', false",
        "application/json, false"
    })
    void aStreamMayBeAskedForByItsType(String accept, boolean streamed) throws Exception {
        var answer = accepting("/v1/models/m:predict", accept, "{\"instances\":[1,2]}");

        assertThat(answer.body())
                .isEqualTo(
                        streamed
                                ? "data: {\"predictions\":[1.0]}\n\ndata: {\"predictions\":[2.0]}\n\n"
                                : "{\"predictions\":[1.0,2.0]}");
    }

    private HttpResponse<String> accepting(String path, String accept, String body)
            throws Exception {
        return served.send(
                served.to(path).header("Accept", accept).POST(BodyPublishers.ofString(body)));
    }

    @Test
    void anErrorBeforeTheFirstPartHasItsStatus() throws Exception {
        var answer = served.post("/v2/models/m/infer_stream", infer("-400,1"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"'input-0' must not be -400\"}");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void anErrorAfterItIsTheLastEvent() throws Exception {
        var answer = served.post("/v2/models/m/infer_stream", infer("1,-500,2"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(event("1.0") + "data: {\"error\":\"the graph failed\"}\n\n");
        assertThat(served.post("/v2/models/m/infer_stream", infer("1")).body())
                .isEqualTo(event("1.0"));
    }

    @Test
    void aModelThatDoesNotStreamGivesOneEvent(@TempDir Path home) throws Exception {
        try (var plain = Served.ready(home, "one.fake")) {
            var answer =
                    plain.post("/v2/models/m/generate_stream", "{\"id\":\"7\",\"input-0\":[1,2]}");

            assertThat(answer.body())
                    .isEqualTo(
                            "data: {\"id\":\"7\",\"model_name\":\"m\",\"model_version\":\"1\",\"input-0\":[[1.0,2.0]]}\n\n");
        }
    }

    private Socket asking(String numbers) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), served.server.port());
        socket.setSoTimeout(20_000);
        var body = infer(numbers);
        var head =
                "POST /v2/models/m/infer_stream HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                        .formatted(body.length());
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void aClientThatGoesEndsTheWork() throws Exception {
        try (var socket = asking("1,-1000,2,-1000,3")) {
            runtime.predicting.acquire();
            socket.setSoLinger(true, 0);
        }
        Served.await("the connection closes", () -> metric("marea_server_connections 1"));
        runtime.mayPredict.release();

        // There is one worker: the next request is answered when the first has ended.
        assertThat(served.post("/v2/models/m/infer_stream", infer("1")).body())
                .isEqualTo(event("1.0"));
        assertThat(runtime.predicting.availablePermits()).isZero();
    }

    private boolean metric(String line) {
        try {
            return served.get("/metrics").body().contains(line);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aClientThatReadsSlowlyHoldsTheModelBack() throws Exception {
        int parts = 200_000;
        try (var socket = asking("1,".repeat(parts) + "-1000")) {
            assertThat(runtime.predicting.tryAcquire(500, TimeUnit.MILLISECONDS)).isFalse();

            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            int seen = 0;
            while (seen < parts) {
                seen += in.readLine().startsWith("data: ") ? 1 : 0;
            }
            assertThat(runtime.predicting.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            runtime.mayPredict.release();
            var last = "";
            for (var line = ""; !line.equals("0"); line = in.readLine()) {
                last = line.startsWith("data: ") ? line : last;
            }
            assertThat(last).contains("[-1000.0]");
        }
    }
}
