package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
    private static final String UNKNOWN = "{\"error\":\"Model with name x does not exist.\"}";

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /                       | {"status":"alive"}
                    /v1/models              | {"models":["m"]}
                    /v1/models/m            | {"name":"m","ready":true}
                    /v2/health/live         | {"live":true}
                    /v2/health/ready        | {"ready":true}
                    /v2/models              | {"models":["m"]}
                    /v2/models/m/ready      | {"name":"m","ready":true}
                    /v2                     | {"name":"marea-server","version":"0.1.0","extensions":["model_repository_extension","model_repository","model_configuration","binary_tensor_data","classification","parameters","statistics","generate"]}
                    /v1/models/m/versions/1 | {"name":"m","ready":true}
                    /v2/models/m/versions/1/ready | {"name":"m","ready":true}
                    """)
    void questionsAreAnswered(String path, String body) throws Exception {
        var answer = served.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void metadataNamesEveryTensor() throws Exception {
        assertThat(served.get("/v2/models/m").body())
                .isEqualTo(
                        """
                        {"name":"m","versions":["1"],"platform":"fake",\
                        "inputs":[{"name":"input-0","datatype":"FP64","shape":[-1,2]}],\
                        "outputs":[{"name":"output-0","datatype":"FP64","shape":[-1,2]}]}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/x", "/v2/models/x", "/v2/models/x/ready"})
    void anUnknownModelIsNamed(String path) throws Exception {
        var answer = served.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/x:predict", "/v2/models/x/infer", "/v1/models/x:explain"})
    void anUnknownModelCannotBeAsked(String path) throws Exception {
        var answer = served.post(path, "{}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v3",
                "/v1",
                "/v1/models/m/x",
                "/v1/models/m:train",
                "/v2/models/m/x",
                "/v2/models/m/versions/1/x",
                "/v2/models/m/infer/x",
                "/v2/models/m/versions/1/infer/x",
                "/v1/models/:predict",
                "/v2/health",
                "/predict",
                "/v2/repository",
                "/v2/repository/models/m",
                "/v2/repository/models/m/versions/1/load"
            })
    void otherPathsDoNotExist(String path) throws Exception {
        var answer = served.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"There is nothing at " + path + " here.\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/, 'GET, HEAD'",
        "/metrics, 'GET, HEAD'",
        "/v1/models, 'GET, HEAD'",
        "/v1/models/m, 'GET, HEAD'",
        "/v1/models/m:predict, POST",
        "/v1/models/m:explain, POST",
        "/v2, 'GET, HEAD'",
        "/v2/health/live, 'GET, HEAD'",
        "/v2/health/ready, 'GET, HEAD'",
        "/v2/models, 'GET, HEAD'",
        "/v2/models/m, 'GET, HEAD'",
        "/v2/models/m/ready, 'GET, HEAD'",
        "/v2/models/m/infer, POST",
        "/v2/models/m/versions/1, 'GET, HEAD'",
        "/v2/models/m/versions/1/ready, 'GET, HEAD'",
        "/v2/models/m/versions/1/infer, POST",
        "/v2/models/m/stats, 'GET, HEAD'",
        "/v2/models/m/config, 'GET, HEAD'",
        "/v2/models/stats, 'GET, HEAD'",
        "/v2/models/m/generate, POST",
        "/v2/models/m/generate_stream, POST",
        "/v2/repository/index, POST",
        "/v2/repository/models/m/load, POST",
        "/v2/repository/models/m/unload, POST",
        "/openapi.json, 'GET, HEAD'",
        "/docs, 'GET, HEAD'"
    })
    void methodsThatARouteLacksAreRefused(String path, String allow) throws Exception {
        for (var method :
                new String[] {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X"}) {
            if (!allow.contains(method)) {
                var answer = served.send(served.to(path).method(method, BodyPublishers.noBody()));

                assertThat(answer.statusCode()).as(method).isEqualTo(405);
                assertThat(answer.headers().firstValue("allow")).as(method).hasValue(allow);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/m/versions/2",
                "/v2/models/m/versions/2",
                "/v2/models/m/versions/2/ready",
                "/v2/models/m/versions/2/config",
                "/v2/models/m/versions/2/stats"
            })
    void anUnknownVersionIsNamed(String path) throws Exception {
        var answer = served.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"error\":\"Model with name m has no version 2.\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/m/versions/1:predict",
                "/v1/models/m/versions/2:predict",
                "/v2/models/m/versions/1/infer",
                "/v2/models/m/versions/2/infer"
            })
    void aVersionIsAskedByItsNumber(String path) throws Exception {
        var body =
                path.startsWith("/v1")
                        ? "{\"instances\":[[1,2]]}"
                        : "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[1],\"data\":[true]}]}";

        assertThat(served.post(path, body).statusCode()).isEqualTo(path.contains("/1") ? 200 : 404);
    }

    @Test
    void explanationsAreNotGivenByAModelWithout() throws Exception {
        var answer = served.post("/v1/models/m:explain", "{\"instances\":[[1,2]]}");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).isEqualTo("{\"error\":\"Model m gives no explanations.\"}");
    }

    @Test
    void metricsHaveKServesNamesAndOurs() throws Exception {
        served.predict("{\"instances\":[[1,2]]}");

        var answer = served.get("/metrics");

        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain");
        assertThat(answer.body())
                .contains(
                        "request_preprocess_seconds_bucket{model_name=\"m\",le=",
                        "request_predict_seconds_count{model_name=\"m\"}",
                        "request_postprocess_seconds_sum{model_name=\"m\"}",
                        "request_explain_seconds_count{model_name=\"m\"} 0",
                        "marea_server_requests_total{code=\"200\"}",
                        "marea_server_queue_length 0",
                        "marea_server_connections ",
                        "marea_server_refused_total{reason=\"bad_host\"} 0");
    }
}
