package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The repository's index, loads, statistics, configuration, in Triton's forms. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryTest {
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
    @ValueSource(strings = {"", "{}", "{\"ready\":true}", "{\"ready\":null,\"x\":[1]}"})
    void theIndexTellsEveryModel(String body) throws Exception {
        assertThat(served.post("/v2/repository/index", body).body())
                .isEqualTo(
                        "[{\"name\":\"m\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"ready":1} | 'ready' must be true or false
                    [true]      | Unrecognized request format: the body is no JSON object
                    """)
    void indexRequestsThatAreWrongAreRefused(String body, String why) throws Exception {
        var answer = served.post("/v2/repository/index", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"parameters\":{\"config\":\"{}\"}}"})
    void aLoadIsToldInKServesWords(String body) throws Exception {
        var answer = served.post("/v2/repository/models/m/load", body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"name\":\"m\",\"load\":true}");
    }

    @Test
    void filesOfARequestAreNotServed() throws Exception {
        var answer =
                served.post(
                        "/v2/repository/models/m/load",
                        "{\"parameters\":{\"file:1/model.onnx\":\"AAAA\"}}");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body()).contains("file:1/model.onnx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "unload"})
    void anUnknownModelIsNamed(String what) throws Exception {
        var answer = served.post("/v2/repository/models/nobody/" + what, "");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"Model with name nobody does not exist.\"}");
    }

    @Test
    void statisticsCountWhatTheModelDid() throws Exception {
        served.predict("{\"instances\":[[1,2],[3,4]]}");

        for (var path : new String[] {"/v2/models/stats", "/v2/models/m/stats"}) {
            assertThat(served.get(path).body())
                    .startsWith(
                            "{\"model_stats\":[{\"name\":\"m\",\"version\":\"1\",\"last_inference\":")
                    .containsPattern("\"success\":\\{\"count\":[1-9]")
                    .contains("\"batch_stats\":[{\"batch_size\":", "\"cache_hit\":{\"count\":0");
        }
    }

    @Test
    void theConfigurationIsInTritonsWords() throws Exception {
        assertThat(served.get("/v2/models/m/config").body())
                .isEqualTo(
                        """
                        {"name":"m","platform":"fake","backend":"fake","version_policy":{"latest":{"num_versions":1}},\
                        "max_batch_size":0,"input":[{"name":"input-0","data_type":"TYPE_FP64","dims":[-1,2]}],\
                        "output":[{"name":"output-0","data_type":"TYPE_FP64","dims":[-1,2]}]}\
                        """);
    }
}
