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

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class V2Test {
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

    private static String input(String datatype, String shape, String data) {
        return """
        {"id":"7","inputs":[{"name":"x","datatype":"%s","shape":%s,"data":%s}]}\
        """
                .formatted(datatype, shape, data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    FP64   | [2,2] | [1,2,3,4.5]            | [1.0,2.0,3.0,4.5]
                    FP64   | [2,2] | [[1,2],[3,4]]          | [1.0,2.0,3.0,4.0]
                    FP64   | [2]   | [null,-0.0]            | [null,-0.0]
                    FP32   | [2]   | [0.1,16777217]         | [0.1,1.6777216E7]
                    INT8   | [2]   | [-128,127]             | [-128,127]
                    UINT8  | [2]   | [0,255]                | [0,255]
                    INT16  | [2]   | [-32768,32767]         | [-32768,32767]
                    UINT16 | [1]   | [65535]                | [65535]
                    INT32  | [2]   | [-2147483648,2147483647] | [-2147483648,2147483647]
                    UINT32 | [1]   | [4294967295]           | [4294967295]
                    INT64  | [2]   | [-9223372036854775808,9223372036854775807] | [-9223372036854775808,9223372036854775807]
                    UINT64 | [2]   | [1,18446744073709551615] | [1,18446744073709551615]
                    BOOL   | [2]   | [true,false]           | [true,false]
                    BYTES  | [2]   | ["a","\\u00fc\\ud83d\\ude00"] | ["a","ü😀"]
                    """)
    void everyDatatypeComesBackAsItWent(String datatype, String shape, String data, String out)
            throws Exception {
        var answer = served.infer(input(datatype, shape, data));

        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"model_name":"m","model_version":"1","id":"7","outputs":[{"name":"x","shape":%s,"datatype":"%s","data":%s}]}\
                        """
                                .formatted(shape, datatype, out));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"inputs":[{"data":[[1,2]],"shape":[1,2],"datatype":"FP32","name":"x"}]}
                    {"inputs":[{"data":[[1,2]],"name":"x","shape":[1,2],"parameters":{"a":1},"datatype":"FP32"}],"parameters":{"p":"q"}}
                    {"outputs":[{"name":"output-0","parameters":{}}],"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}
                    {"outputs":null,"id":null,"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2],"extra":[{"y":1}]}]}
                    """)
    void fieldsComeInAnyOrder(String body) throws Exception {
        assertThat(served.infer(body).body()).contains("\"datatype\":\"FP32\",\"data\":[1.0,2.0]");
    }

    @Test
    void anAnswerWithoutAskedIdGetsARandomOne() throws Exception {
        var body =
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[1],\"data\":[true]}]}";

        assertThat(served.infer(body).body())
                .containsPattern(
                        "\"id\":\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    FP64   | [16,1152921504606846978] | [1]   | input 'x' has the dimension 1152921504606846978; each must be 1..2147483647
                    FP64   | [65536,65536]  | [1]             | input 'x' of shape [65536, 65536] has more than 2147483647 elements
                    FP64   | [-1,2]         | [1,2]           | input 'x' has the dimension -1; each must be 1..2147483647
                    FP64   | [0,2]          | []              | input 'x' has the dimension 0; each must be 1..2147483647
                    FP64   | [1.5]          | [1]             | input 'x' has the dimension 1.5; each must be 1..2147483647
                    FP64   | 3              | [1]             | input 'x' has a shape that is no list of whole numbers
                    FP64   | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | [1] | input 'x' has more than 16 dimensions
                    FP64   | [3]            | [1,2]           | input 'x' of shape [3] needs 3 elements, 'data' has 2
                    FP64   | [2,2]          | [[1,2,3,4]]     | input 'x' has the shape [2, 2], but its data is nested as [1, 4]
                    FP64   | [2,2]          | [[1,2],[3]]     | input 'x' is ragged: its lists differ in length or depth near element 3
                    FP64   | [1]            | 7               | input 'x' has 'data' that is no list
                    FP64   | [1]            | ["7"]           | input 'x': element 0 is 7, not FP64
                    INT8   | [1]            | [128]           | input 'x': element 0 is 128, not INT8
                    UINT8  | [2]            | [1,-1]          | input 'x': element 1 is -1, not UINT8
                    UINT64 | [1]            | [18446744073709551616] | input 'x': element 0 is 18446744073709551616, not UINT64
                    INT64  | [1]            | [9223372036854775808]  | input 'x': element 0 is 9223372036854775808, not INT64
                    INT64  | [1]            | [null]          | input 'x': element 0 is null, not INT64
                    FP32   | [1]            | [1e39]          | input 'x': element 0 is 1e39, not FP32
                    BOOL   | [1]            | [1]             | input 'x': element 0 is 1, not BOOL
                    BYTES  | [1]            | [1]             | input 'x': element 0 is 1, not BYTES
                    FP16   | [1]            | [1]             | Receiving FP16 data via JSON is not supported. Please use the binary data format for input x
                    """)
    void tensorsThatAreWrongAreNamed(String datatype, String shape, String data, String why)
            throws Exception {
        var answer = served.infer(input(datatype, shape, data));

        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                      | 'inputs' is missing or empty: a list of tensors is needed
                    {"inputs":[]}                           | 'inputs' is missing or empty: a list of tensors is needed
                    {"inputs":{}}                           | 'inputs' must be a list
                    {"inputs":[1]}                          | 'inputs[0]' must be an object
                    {"inputs":[{"name":"x"}]}               | input 'x' has no 'datatype'
                    {"inputs":[{"name":"x","datatype":"FP64","data":[1]}]} | input 'x' has no 'shape'
                    {"inputs":[{"name":"x","datatype":"FP64","shape":[1]}]} | 'data' field is missing for input 'x' for model 'm'
                    {"inputs":[{"datatype":"FP64","shape":[1],"data":[1]}]} | 'inputs[0]' has no 'name'
                    {"inputs":[{"name":3}]}                 | 'inputs[0].name' must be a string
                    {"id":3}                                | 'id' must be a string
                    {"parameters":3}                        | 'parameters' must be an object
                    {"outputs":3}                           | 'outputs' must be a list
                    {"outputs":[{}]}                        | 'outputs[0].name' is missing
                    {"outputs":[{"name":"a"},{"name":"a"}]} | output 'a' comes twice
                    {"inputs":[{"name":"x","datatype":"BOOL","shape":[1],"data":[true]},{"name":"x","datatype":"BOOL","shape":[1],"data":[true]}]} | input 'x' comes twice
                    {"inputs":[{"name":"x","datatype":"BOOL","shape":[1],"parameters":{"binary_data_size":1}}]} | input 'x' is binary, but the header Inference-Header-Content-Length is missing
                    {"outputs":[{"name":"nothing"}],"inputs":[{"name":"x","datatype":"BOOL","shape":[1],"data":[true]}]} | 'outputs' has 'nothing'; the model gives output-0
                    """)
    void requestsThatAreWrongSayWhere(String body, String why) throws Exception {
        var answer = served.infer(body);

        assertThat(answer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void anUnknownDatatypeIsNamedWithTheKnownOnes() throws Exception {
        assertThat(served.infer(input("FP8", "[1]", "[1]")).body())
                .contains("input 'x' has the unknown datatype 'FP8'; known are [BOOL, INT8,");
    }
}
