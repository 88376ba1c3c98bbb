package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests inside CloudEvents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
    private static final String V1 = "/v1/models/m:predict";
    private static final String V2 = "/v2/models/m/infer";
    private static final String ROWS = "{\"instances\":[[1,2]]}";

    @SuppressWarnings("NullAway.Init")
    private Served served;

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        served = Served.ready(home, "one.fake");
    }

    @AfterAll
    void close() {
        served.close();
    }

    private HttpResponse<String> structured(String path, String event) throws Exception {
        return served.send(
                served.to(path)
                        .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                        .POST(BodyPublishers.ofString(event)));
    }

    private static String event(String fields) {
        return "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"/s\",\"type\":\"t\","
                + fields
                + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"data\":%s", "\"data\": %s ,\"time\":\"2026-01-01T00:00:00Z\""})
    void aStructuredEventIsAnsweredByOne(String data) throws Exception {
        var answer = structured(V1, event(data.formatted(ROWS)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/cloudevents+json");
        var event = JsonReader.read(answer.body());
        assertThat(event.text("specversion")).hasValue("1.0");
        assertThat(event.text("type")).hasValue("io.kserve.inference.response");
        assertThat(event.text("source")).hasValue("io.kserve.inference.m");
        assertThat(event.text("id").orElseThrow()).hasSize(36);
        assertThat(Instant.parse(event.text("time").orElseThrow())).isBefore(Instant.MAX);
        assertThat(event.at("data")).hasValue(JsonReader.read("{\"predictions\":[[1.0,2.0]]}"));
    }

    @Test
    void dataMayBeTextOrBase64() throws Exception {
        var base64 = Base64.getEncoder().encodeToString(ROWS.getBytes(StandardCharsets.UTF_8));

        assertThat(structured(V1, event("\"data_base64\":\"" + base64 + "\"")).body())
                .contains("\"data\":{\"predictions\":[[1.0,2.0]]}");
        assertThat(structured(V1, event("\"data\":\"{\\\"instances\\\":[[1,2]]}\"")).body())
                .contains("\"data\":{\"predictions\":[[1.0,2.0]]}");
    }

    @Test
    void v2SpeaksInEventsToo() throws Exception {
        var input =
                "{\"id\":\"7\",\"inputs\":[{\"data\":[true],\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[1]}]}";

        var event = JsonReader.read(structured(V2, event("\"data\":" + input)).body());

        assertThat(event.text("data", "id")).hasValue("7");
        assertThat(event.list("data", "outputs").getFirst().at("data"))
                .hasValue(Json.of(List.of(true)));
    }

    @Test
    void aBinaryEventIsAnsweredByOne() throws Exception {
        var answer =
                served.send(
                        served.to(V1)
                                .header("ce-id", "a")
                                .header("ce-specversion", "1.0")
                                .header("ce-source", "/s")
                                .header("ce-type", "t")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(ROWS)));

        assertThat(answer.body()).isEqualTo("{\"predictions\":[[1.0,2.0]]}");
        var headers = answer.headers();
        assertThat(headers.firstValue("content-type")).hasValue("application/json");
        assertThat(headers.firstValue("ce-specversion")).hasValue("1.0");
        assertThat(headers.firstValue("ce-type")).hasValue("io.kserve.inference.response");
        assertThat(headers.firstValue("ce-source")).hasValue("io.kserve.inference.m");
        assertThat(headers.firstValue("ce-id").orElseThrow()).hasSize(36);
        assertThat(headers.firstValue("ce-time")).isPresent();
    }

    @Test
    void someOfTheHeadersMakeNoEvent() throws Exception {
        var answer =
                served.send(served.to(V1).header("ce-id", "a").POST(BodyPublishers.ofString(ROWS)));

        assertThat(answer.headers().firstValue("ce-id")).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"specversion":"1.0","id":"a","source":"/s","data":{}} | Cloud Event Exceptions: the event has no 'type'
                    {"specversion":"1.0","id":"a","source":"/s","type":"t"} | Cloud Event Exceptions: the event has no 'data'
                    {"specversion":"1.0","id":"a","source":"/s","type":"t","data":{}} | 'instances' is missing: {\\"instances\\": [...]} is needed
                    {"specversion":"1.0","id":"a","source":"/s","type":"t","data":7} | Unrecognized request format: the body is no JSON object
                    {"specversion":"1.0","id":"a","source":"/s","type":"t","data_base64":"****"} | input 'data_base64': element 0 is no base64: Illegal base64 character 2a
                    [] | Unrecognized request format: the body is no JSON object
                    """)
    void eventsThatLackSomethingAreRefused(String event, String why) throws Exception {
        var answer = structured(V1, event);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
    }
}
