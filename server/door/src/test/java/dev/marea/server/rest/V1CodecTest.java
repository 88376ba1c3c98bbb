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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V1CodecTest {
    private static final String MISSING = Elements.Texts.MISSING;

    /** It does not look at the column {@code note}. */
    private static final Lease PASSENGERS =
            Told.lease(
                    List.of("sex", "note", "age"),
                    TensorSpec.of("sex", Datatype.BYTES, -1),
                    TensorSpec.of("age", Datatype.FP64, -1));

    private static final Lease NUMBERS =
            Told.lease(List.of("x", "y"), TensorSpec.of("input-0", Datatype.FP64, -1, 2));

    private static final Lease IMAGES =
            Told.lease(List.of(), TensorSpec.of("image", Datatype.BYTES, -1));

    private static Question read(Lease model, String body) throws Refused {
        return new V1Codec(false).read(Bytes.of(body.getBytes(StandardCharsets.UTF_8)), model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"instances":[{"sex":"male","note":{"x":[1]},"age":22},{"age":null,"sex":null,"note":2}]}\
                """,
                """
                {"instances":[{"sex":"male","age":22.0},{"age":null,"sex":null}]}\
                """,
                """
                {"instances":[["male","a note",22],[null,null,null]]}\
                """,
                """
                {"inputs":{"age":[22,null],"sex":["male",null]}}\
                """,
                """
                {"inputs":{"age":{"0":22,"1":null},"sex":{"0":"male","1":null}}}\
                """,
                """
                {"instances":[{"sex":{"0":"male"},"age":{"0":22}},{"sex":{"0":null},"age":{"0":null}}]}\
                """,
                """
                {"instances":[{"sex":["male",null],"age":[22,null]}]}\
                """
            })
    void aDataFrameBecomesOneTensorForEachColumn(String body) throws Exception {
        assertThat(read(PASSENGERS, body).inputs())
                .containsExactly(
                        Tensor.of("sex", new int[] {2}, "male", MISSING),
                        Tensor.of("age", new int[] {2}, 22, Double.NaN));
    }

    @Test
    void numbersOfAFrameMayBeTrueAndFalse() throws Exception {
        assertThat(read(NUMBERS, "{\"instances\":[{\"x\":true,\"y\":false}]}").inputs())
                .containsExactly(
                        Tensor.of("x", new int[] {1}, 1.0), Tensor.of("y", new int[] {1}, 0.0));
    }

    @Test
    void aColumnWhoseTypeTheModelDoesNotStateIsWhatItsFirstValueIs() throws Exception {
        var body = "{\"instances\":[{\"x\":null,\"y\":1},{\"x\":\"blue\",\"y\":null}]}";
        assertThat(read(NUMBERS, body).inputs())
                .containsExactly(
                        Tensor.of("x", new int[] {2}, MISSING, "blue"),
                        Tensor.of("y", new int[] {2}, 1, Double.NaN));
        assertThatThrownBy(() -> read(NUMBERS, body.replace("null,\"y\":1", "2,\"y\":1")))
                .isInstanceOf(Refused.class)
                .hasMessage("input 'x': element 1 is blue, not FP64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"instances\":[[1,2],[3,4]]}",
                "{\"inputs\":[[1,2],[3,4]]}",
                "{\"inputs\":{\"input-0\":[[1,2],[3,4]]}}",
                "{\"instances\":[{\"input-0\":[1,2]},{\"input-0\":[3,4]}]}"
            })
    void aModelOfNamedNumbersAlsoTakesThemAsOneTensor(String body) throws Exception {
        assertThat(read(NUMBERS, body).inputs())
                .containsExactly(Tensor.of("input-0", new int[] {2, 2}, 1.0, 2, 3, 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[{"sex":"male"}]}            | 'instances[0]' lacks the column 'age'; give null where its value is missing
                    {"instances":[{"sex":"a","age":1},{}]}    | 'instances[1]' lacks the column 'sex'; give null where its value is missing
                    {"instances":[{"sex":"male","aeg":1}]}    | 'instances[0]' has 'aeg', which is no column of this model; it has [sex, note, age], did you mean "age"?
                    {"instances":[{"sex":1,"age":1}]}         | input 'sex': element 0 is 1, not BYTES
                    {"instances":[{"sex":"a","age":"x"}]}     | input 'age': element 0 is x, not FP64
                    {"instances":[{"sex":"a","age":[1,2]}]}   | 'instances[0]' has 2 values for the column 'age', 1 for others
                    {"instances":[["male",1]]}                | 'instances[0]' has 2 values; the model takes 3: [sex, note, age]
                    {"instances":[["male",0,1,2]]}            | 'instances[0]' has 4 values; the model takes 3: [sex, note, age]
                    {"instances":["male"]}                    | 'instances[0]' must be a list of 3 values, or an object by column
                    {"instances":[{"sex":"a","age":1},[1]]}   | 'instances' mixes objects and lists
                    {"inputs":{"sex":["a"],"age":[1,2]}}      | 'inputs' has 2 values for the column 'age', 1 for others
                    {"inputs":{"sex":["a"]}}                  | 'inputs' lacks the column 'age'; give null where its value is missing
                    """)
    void framesThatDoNotFitAreRefused(String body, String why) {
        assertThatThrownBy(() -> read(PASSENGERS, body))
                .isInstanceOf(Refused.class)
                .hasMessage(why);
    }

    @Test
    void bytesComeAsBase64() throws Exception {
        assertThat(read(IMAGES, "{\"instances\":[{\"b64\":\"/wA=\"},{\"b64\":\"YQ==\"}]}").inputs())
                .containsExactly(
                        new Tensor(
                                "image",
                                Datatype.BYTES,
                                new int[] {2},
                                new Elements.Blobs(new byte[][] {{-1, 0}, {'a'}})));
        assertThat(read(IMAGES, "{\"instances\":[\"plain\",{\"b64\":\"YQ==\"}]}").inputs())
                .containsExactly(Tensor.of("image", new int[] {2}, "plain", "a"));
        assertThat(read(IMAGES, "{\"instances\":[{\"image\":\"plain\"}]}").inputs())
                .containsExactly(Tensor.of("image", new int[] {1}, "plain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instances":[{"b64":"****"}]}          | input 'instances': element 0 is no base64: Illegal base64 character 2a
                    {"instances":["a",{"b64":1}]}        | input 'instances': element 1 is an object, but not {"b64": "..."}
                    {"instances":["a",{"x":"a"}]}        | input 'instances': element 1 is an object, but not {"b64": "..."}
                    {"instances":[{"b64":"YQ==","x":1}]} | input 'instances': element 0 is an object, but not {"b64": "..."}
                    """)
    void bytesThatAreNoBase64AreRefused(String body, String why) {
        assertThatThrownBy(() -> read(IMAGES, body)).isInstanceOf(Refused.class).hasMessage(why);
    }

    @Test
    void bytesAreAnsweredAsBase64() throws Exception {
        var bytes =
                new Tensor(
                        "out",
                        Datatype.BYTES,
                        new int[] {1},
                        new Elements.Blobs(new byte[][] {{-1, 0}}));

        assertThat(
                        new String(
                                new V1Codec(false).json(IMAGES, List.of(bytes)),
                                StandardCharsets.UTF_8))
                .isEqualTo("{\"predictions\":[{\"b64\":\"/wA=\"}]}");
    }

    @ParameterizedTest
    @CsvSource({"predict_proba, PREDICT_PROBA", "serving_default, ", "decision_function, "})
    void aSignatureMayNameAMethodThatTheModelHas(String signature, Method method) throws Exception {
        var body = "{\"signature_name\":\"" + signature + "\",\"instances\":[[1,2]]}";

        assertThat(read(NUMBERS, body).asked().method()).isEqualTo(Optional.ofNullable(method));
    }

    @Test
    void explanationsAreAskedForAndNamed() throws Exception {
        var codec = new V1Codec(true);
        var question =
                codec.read(
                        Bytes.of("{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8)),
                        NUMBERS);
        var one = Tensor.of("a", new int[] {1}, 0.5);
        var two = Tensor.of("b", new int[] {1}, 2L);

        assertThat(question.asked().method()).hasValue(Method.EXPLAIN);
        assertThat(new String(codec.json(NUMBERS, List.of(one)), StandardCharsets.UTF_8))
                .isEqualTo("{\"explanations\":[0.5]}");
        assertThat(new String(codec.json(NUMBERS, List.of(one, two)), StandardCharsets.UTF_8))
                .isEqualTo("{\"explanations\":{\"a\":[0.5],\"b\":[2]}}");
    }
}
