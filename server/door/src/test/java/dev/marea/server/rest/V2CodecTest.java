package dev.marea.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V2CodecTest {
    private static final Lease MATRIX =
            Told.lease(List.of(), TensorSpec.of("input-0", Datatype.FP64, -1, 2));

    private static final Lease FRAME =
            Told.lease(
                    List.of("sex", "age"),
                    TensorSpec.of("sex", Datatype.BYTES, -1),
                    TensorSpec.of("age", Datatype.FP64, -1));

    private final V2Codec codec = new V2Codec(V2Codec.ALL_JSON);

    private Question read(Lease model, String body) throws Refused {
        return codec.read(Bytes.of(body.getBytes(StandardCharsets.UTF_8)), model);
    }

    private String json(Tensor... outputs) throws Refused {
        return new String(codec.json(MATRIX, List.of(outputs)), StandardCharsets.UTF_8);
    }

    private static final String TWO_COLUMNS =
            """
            {"id":"7","parameters":{"content_type":"pd","mine":1.5,"priority":1,"triton_x":2},"inputs":[
             {"name":"b","shape":[2,1],"datatype":"INT32","data":[3,4]},
             {"name":"a","shape":[2],"datatype":"FP32","data":[0.5,null]}]}
            """;

    @Test
    void aDataFrameIsPutSideBySideForAModelWithoutNames() throws Exception {
        assertThat(read(MATRIX, TWO_COLUMNS).inputs())
                .containsExactly(Tensor.of("input-0", new int[] {2, 2}, 3, 0.5, 4, Double.NaN));
    }

    @Test
    void whatTheCallerSaysOfItsOwnGoesBack() throws Exception {
        read(MATRIX, TWO_COLUMNS);

        assertThat(json(Tensor.of("output-0", new int[] {1}, 1L)))
                .isEqualTo(
                        """
                        {"model_name":"m","model_version":"1","id":"7","parameters":{"mine":1.5},\
                        "outputs":[{"name":"output-0","shape":[1],"datatype":"INT64","data":[1]}]}\
                        """);
    }

    @Test
    void aDataFrameStaysColumnsForAModelThatNamesThem() throws Exception {
        var body =
                """
                {"parameters":{"content_type":"pd"},"inputs":[
                 {"name":"age","shape":[2,1],"datatype":"INT64","data":[3,4]},
                 {"name":"sex","shape":[2,1],"datatype":"BYTES","data":["male",null],
                  "parameters":{"content_type":"str","headers":null}}]}
                """;

        assertThat(read(FRAME, body).inputs())
                .containsExactly(
                        Tensor.of("age", new int[] {2, 1}, 3L, 4),
                        Tensor.of("sex", new int[] {2, 1}, "male", Elements.Texts.MISSING));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"name":"a","shape":[1],"datatype":"BYTES","data":["x"]} | input 'a' holds text; this model takes numbers only
                    {"name":"a","shape":[3],"datatype":"FP64","data":[1,2,3]} | input 'a' has 3 elements, but the data frame has 1 rows
                    {"name":"a","shape":[1,2],"datatype":"FP64","data":[1,2]} | input 'a' has 2 elements, but the data frame has 1 rows
                    """)
    void framesThatCannotBeJoinedAreRefused(String second, String why) {
        var body =
                """
                {"inputs":[{"name":"b","shape":[1],"datatype":"FP64","data":[1]},%s],"parameters":{"content_type":"pd"}}
                """
                        .formatted(second);

        assertThatThrownBy(() -> read(MATRIX, body)).isInstanceOf(Refused.class).hasMessage(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    base64  | ["YQ==","w7w="]              | a | ü
                    pd_json | ["\\"a\\"","1.5"]            | a | 1.5
                    pd_json | ["true","7"]                 | true | 7
                    str     | ["YQ==","ü"]                 | YQ== | ü
                    unknown | ["a","b"]                    | a | b
                    """)
    void textsMayStandForMore(String type, String data, String first, String second)
            throws Exception {
        assertThat(read(FRAME, textInput(type, data)).inputs())
                .containsExactly(Tensor.of("sex", new int[] {2}, first, second));
    }

    @Test
    void aMissingTextAmongJsonCellsIsMissing() throws Exception {
        assertThat(read(FRAME, textInput("pd_json", "[\"null\",\"\\\"b\\\"\"]")).inputs())
                .containsExactly(Tensor.of("sex", new int[] {2}, Elements.Texts.MISSING, "b"));
    }

    @Test
    void base64OfBytesThatAreNoTextStaysBytes() throws Exception {
        assertThat(read(FRAME, textInput("base64", "[\"/w==\",\"YQ==\"]")).inputs())
                .containsExactly(
                        new Tensor(
                                "sex",
                                Datatype.BYTES,
                                new int[] {2},
                                new Elements.Blobs(new byte[][] {{-1}, {'a'}})));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    base64  | ["YQ==","****"]   | input 'sex': element 1 is no base64: Illegal base64 character 2a
                    pd_json | ["1","{"]      | input 'sex': element 1 is no plain JSON value
                    pd_json | ["[1]","1"]    | input 'sex': element 0 is no plain JSON value
                    """)
    void textsThatDoNotStandForItAreRefused(String type, String data, String why) {
        assertThatThrownBy(() -> read(FRAME, textInput(type, data)))
                .isInstanceOf(Refused.class)
                .hasMessage(why);
    }

    private static String textInput(String type, String data) {
        return """
        {"inputs":[{"name":"sex","shape":[2],"datatype":"BYTES","data":%s,"parameters":{"content_type":"%s"}}]}
        """
                .formatted(data, type);
    }

    @Test
    void anOutputNamedLikeAMethodAsksForTheMethod() throws Exception {
        var body =
                """
                {"id":"7","outputs":[{"name":"predict_proba"}],
                 "inputs":[{"name":"x","shape":[1,2],"datatype":"FP64","data":[1,2]}]}
                """;

        var asked = read(MATRIX, body).asked();

        assertThat(asked.method()).hasValue(Method.PREDICT_PROBA);
        assertThat(asked.outputs()).isEmpty();
        assertThat(json(Tensor.of("output-0", new int[] {1}, 0.5)))
                .contains("\"outputs\":[{\"name\":\"predict_proba\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    2   | "shape":[2,2],"datatype":"BYTES","data":["0.7:1","0.2:0","5.0:0","1.0:1"]
                    1   | "shape":[2,1],"datatype":"BYTES","data":["0.7:1","5.0:0"]
                    900 | "shape":[2,3],"datatype":"BYTES","data":["0.7:1","0.2:0","0.1:2","5.0:0","1.0:1","NaN:2"]
                    """)
    void theHighestValuesMayBeAskedFor(int count, String output) throws Exception {
        read(MATRIX, classified(Integer.toString(count)));

        var values = Tensor.of("output-0", new int[] {2, 3}, .2, .7, .1, 5, 1, Double.NaN);
        assertThat(json(values)).endsWith("\"outputs\":[{\"name\":\"output-0\"," + output + "}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"2\"", "1.5", "9999999999", "null"})
    void aNumberOfClassesThatIsNoneIsRefused(String count) throws Exception {
        read(MATRIX, classified(count));

        assertThatThrownBy(() -> json(Tensor.of("output-0", new int[] {1}, 1L)))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "output 'output-0' has the classification "
                                + count
                                + "; it must be a number of classes");
    }

    private static String classified(String count) {
        return """
        {"outputs":[{"name":"output-0","parameters":{"classification":%s}}],
         "inputs":[{"name":"x","shape":[1,2],"datatype":"FP64","data":[1,2]}]}
        """
                .formatted(count);
    }

    @Test
    void aTimeoutBecomesADeadline() throws Exception {
        long before = System.nanoTime();

        read(
                MATRIX,
                """
                {"parameters":{"timeout":1000000},
                 "inputs":[{"name":"x","shape":[1,2],"datatype":"FP64","data":[1,2]}]}
                """);

        assertThat(codec.deadline().orElseThrow() - before)
                .isBetween(1_000_000_000L, 60_000_000_000L);
    }

    @Test
    void whatJsonCannotSayIsNull() throws Exception {
        assertThat(
                        json(
                                Tensor.of(
                                        "o",
                                        new int[] {4},
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        Double.NEGATIVE_INFINITY,
                                        -0.0)))
                .endsWith("\"data\":[null,null,null,-0.0]}]}");
    }

    @Test
    void tooManyParametersAreRefused() {
        var many = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            many.append(",\"p").append(i).append("\":1");
        }

        assertThatThrownBy(() -> read(MATRIX, "{\"parameters\":{" + many.substring(1) + "}}"))
                .isInstanceOf(Refused.class)
                .hasMessage("'parameters' has more than 64 entries");
    }
}
