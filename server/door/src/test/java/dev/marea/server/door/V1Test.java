package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class V1Test {
    private static final String GOOD = "{\"instances\":[[1,2]]}";

    @SuppressWarnings("NullAway.Init")
    private Served one;

    @SuppressWarnings("NullAway.Init")
    private Served two;

    @SuppressWarnings("NullAway.Init")
    private Served whole;

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        one = Served.ready(home, "one.fake");
        two = Served.ready(home, "two.fake");
        whole = Served.ready(home, "whole.fake");
    }

    @AfterAll
    void close() {
        one.close();
        two.close();
        whole.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[[1,2],[3,4.5]]}           | {"predictions":[[1.0,2.0],[3.0,4.5]]}
                    {"inputs":[[1,2]]}                      | {"predictions":[[1.0,2.0]]}
                    {"instances":[1,2,3]}                   | {"predictions":[1.0,2.0,3.0]}
                    {"instances":[[[1],[2]],[[3],[4]]]}     | {"predictions":[[[1.0],[2.0]],[[3.0],[4.0]]]}
                    {"signature_name":"s","instances":[[1]],"x":{"y":[1]}} | {"predictions":[[1.0]]}
                    {"instances":[[null,1e-7]]}             | {"predictions":[[null,1.0E-7]]}
                    {"instances":[{"input-0":[1,2]}]}       | {"predictions":[[1.0,2.0]]}
                    {"inputs":{"input-0":[[1,2]]}}          | {"predictions":[[1.0,2.0]]}
                    """)
    void instancesBecomePredictions(String body, String predictions) throws Exception {
        var answer = one.predict(body);

        assertThat(answer.body()).isEqualTo(predictions);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[{"b":"x","a":[1,2]},{"a":[3,4],"b":"y"}]} | {"predictions":[[1.0,2.0],[3.0,4.0]]}
                    {"inputs":{"a":[[1,2]],"b":["x"]}}                      | {"predictions":[[1.0,2.0]]}
                    """)
    void objectsCarryOneValueForEachInput(String body, String predictions) throws Exception {
        assertThat(two.predict(body).body()).isEqualTo(predictions);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[[1,2]]}                   | 'instances' must hold objects with [a, b]: the model has 2 inputs
                    {"instances":[{"a":[1,2]}]}             | 'instances[0]' has 1 of the inputs [a, b]
                    {"instances":[{"a":[1,2],"c":1}]}       | 'instances[0]' has 'c'; the model's inputs are [a, b]
                    {"instances":[{"a":[1,2],"b":"x"},[1]]} | 'instances' mixes objects and lists
                    {"instances":[{"a":[1,2],"b":7}]}       | input 'b': element 0 is 7, not BYTES
                    {"instances":[{"a":[1,2],"b":"\\ud800"}]} | half surrogate
                    """)
    void objectsThatDoNotFitAreRefused(String body, String why) throws Exception {
        var answer = two.predict(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        if (!why.equals("half surrogate")) {
            assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                            | 'instances' is missing: {\\"instances\\": [...]} is needed
                    {"instances":3}               | 'instances' must be a list
                    {"instances":{"a":1}}         | 'instances' must be a list
                    {"instances":[]}              | 'instances' is empty
                    {"instances":[[1]],"inputs":[[1]]} | the body has 'instances' and 'inputs'; give one of them
                    {"instances":[[1],[2,3]]}     | input 'instances' is ragged: its lists differ in length or depth near element 3
                    {"instances":[1,[2]]}         | input 'instances' is ragged: its lists differ in length or depth near element 1
                    {"instances":[[1],{"a":1}]}   | 'instances' mixes objects and lists
                    {"instances":[["x"]]}         | input 'instances': element 0 is x, not FP64
                    {"instances":[[true]]}        | input 'instances': element 0 is true, not FP64
                    {"instances":[[1e999]]}       | input 'instances': element 0 is 1e999, not FP64
                    [1]                           | Unrecognized request format: the body is no JSON object
                    """)
    void bodiesThatDoNotFitAreRefused(String body, String why) throws Exception {
        var answer = one.predict(body);

        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(one.predict(GOOD).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[[1,2]]
                    {"instances":[[1,2]]} x
                    {"instances":[[NaN]]}
                    {"instances":[[Infinity]]}
                    {"instances":[[01]]}
                    {"instances":[[1]],"instances":[[2]]}
                    {"instances":[['a']]}
                    \ufeff{"instances":[[1]]}
                    """)
    void textThatIsNoJsonIsRefusedWithItsPlace(String body) throws Exception {
        var answer = one.predict(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"error\":\"Unrecognized request format: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[[1,2]]        | 20
                    {"instances":[[1,2]]} x     | 23
                    {"instances":[[NaN]]}       | 17
                    {"instances":[[-Infinity]]} | 23
                    {"instances":[[1]],"x":1,"x":2} | 28
                    {"instances":[[1]],"x":"\u0001"} | 23
                    """)
    void malformedJsonIsToldWithTheByte(String body, int near) throws Exception {
        var answer = one.predict(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        var place = Pattern.compile("at byte (\\d+)").matcher(answer.body());
        assertThat(place.find()).as(answer.body()).isTrue();
        assertThat(Integer.parseInt(place.group(1))).as(answer.body()).isCloseTo(near, within(2));
    }

    @Test
    void tokensThatJsonLacksAreRefusedWithWhatToSend() throws Exception {
        assertThat(one.predict("{\"instances\":[[NaN]]}").body())
                .contains("'NaN' (a value that is missing is null) at byte")
                .doesNotContain("enable");
    }

    @ParameterizedTest
    @CsvSource({"96, 200", "101, 400"})
    void depthIsLimitedWhereverItIs(int depth, int status) throws Exception {
        var deep = "[".repeat(depth) + "]".repeat(depth);

        var answer = one.predict("{\"x\":" + deep + ",\"instances\":[[1,2]]}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    @Test
    void nestingIsLimited() throws Exception {
        int depth = 250_000;

        var answer = one.predict("{\"instances\":" + "[".repeat(depth) + "]".repeat(depth) + "}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("nested deeper than 16 lists");
    }

    @Test
    void aNumberOfAMegabyteIsRefused() throws Exception {
        assertThat(one.predict("{\"instances\":[[" + "1".repeat(1_000_000) + "]]}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void utf16IsRefused() throws Exception {
        var body = BodyPublishers.ofByteArray(GOOD.getBytes(StandardCharsets.UTF_16LE));

        var answer = one.send(one.to("/v1/models/m:predict").POST(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("UTF-8");
    }

    @Test
    void wholeNumbersMayBeWrittenAsFloats() throws Exception {
        assertThat(whole.predict("{\"instances\":[[1,2.0]]}").body())
                .isEqualTo("{\"predictions\":[[1,2]]}");
        assertThat(whole.predict("{\"instances\":[[1,2.5]]}").body())
                .contains("element 1 is 2.5, not INT64");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "Application/JSON; charset=utf-8, 200",
        "application/x-www-form-urlencoded, 200",
        "application/cloudevents-batch+json, 415",
        "application/octet-stream, 415",
        "text/csv, 415",
        "multipart/form-data; boundary=x, 415"
    })
    void contentTypesAreJsonOrWhatCurlSends(String type, int status) throws Exception {
        var answer =
                one.send(
                        one.to("/v1/models/m:predict")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(GOOD)));

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void aBodyWithoutTypeIsJson() throws Exception {
        assertThat(
                        one.send(one.to("/v1/models/m:predict").POST(BodyPublishers.ofString(GOOD)))
                                .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    -400 | 400 | 'input-0' must not be -400
                    -500 | 500 | the graph failed
                    -501 | 500 | internal error
                    """)
    void failuresOfTheModelAreToldWithoutSecrets(int sign, int status, String why)
            throws Exception {
        var answer = one.predict("{\"instances\":[[" + sign + ",1]]}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(one.predict(GOOD).statusCode()).isEqualTo(200);
    }
}
