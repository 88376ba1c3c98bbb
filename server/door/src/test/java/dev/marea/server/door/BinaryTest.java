package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** V2's binary tensors. The fake model gives its inputs back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BinaryTest {
    private static final String LENGTH = "inference-header-content-length";

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

    private record Answer(int status, String json, String raw) {
        static Answer of(HttpResponse<byte[]> response) {
            var body = response.body();
            int length = (int) response.headers().firstValueAsLong(LENGTH).orElse(body.length);
            return new Answer(
                    response.statusCode(),
                    new String(body, 0, length, StandardCharsets.UTF_8),
                    HexFormat.of().formatHex(Arrays.copyOfRange(body, length, body.length)));
        }
    }

    private Answer send(String json, String raw) throws Exception {
        return send(json, raw, Integer.toString(json.getBytes(StandardCharsets.UTF_8).length));
    }

    private Answer send(String json, String raw, String length) throws Exception {
        var body = new ByteArrayOutputStream();
        body.write(json.getBytes(StandardCharsets.UTF_8));
        body.write(HexFormat.of().parseHex(raw));
        return send("/v2/models/m/infer", body.toByteArray(), length);
    }

    private Answer send(String path, byte[] body, String length) throws Exception {
        var request =
                served.to(path)
                        .header("Content-Type", "application/octet-stream")
                        .header("Inference-Header-Content-Length", length)
                        .POST(BodyPublishers.ofByteArray(body));
        return Answer.of(served.send(request, BodyHandlers.ofByteArray()));
    }

    private static String input(String datatype, String shape, int size) {
        return """
        {"name":"x","datatype":"%s","shape":%s,"parameters":{"binary_data_size":%d}}\
        """
                .formatted(datatype, shape, size);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    BOOL   | [2]   | 0100
                    INT8   | [2]   | 80ff
                    UINT8  | [2,1] | 00ff
                    INT16  | [1]   | 0080
                    UINT16 | [1]   | ffff
                    INT32  | [1]   | 00000080
                    UINT32 | [1]   | ffffffff
                    INT64  | [1]   | 0100000000000080
                    UINT64 | [1]   | ffffffffffffffff
                    FP16   | [2]   | 003c00fc
                    BF16   | [2]   | 803f80ff
                    FP32   | [2]   | 0000803f0000c07f
                    FP64   | [1]   | 000000000000f07f
                    BYTES  | [2]   | 0100000061020000000aff
                    """)
    void everyDatatypeComesBackBitForBit(String datatype, String shape, String raw)
            throws Exception {
        var json =
                "{\"id\":\"7\",\"inputs\":[%s],\"parameters\":{\"binary_data_output\":true}}"
                        .formatted(input(datatype, shape, raw.length() / 2));

        var answer = send(json, raw);

        assertThat(answer.json)
                .isEqualTo(
                        """
                        {"model_name":"m","model_version":"1","id":"7","outputs":[{"name":"x","shape":%s,"datatype":"%s","parameters":{"binary_data_size":%d}}]}\
                        """
                                .formatted(shape, datatype, raw.length() / 2));
        assertThat(answer.raw).isEqualTo(raw);
        assertThat(answer.status).isEqualTo(200);
    }

    @Test
    void jsonAndBinaryTensorsMixBothWays() throws Exception {
        var json =
                """
                {"id":"7","inputs":[
                 {"name":"a","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}},
                 {"name":"b","shape":[1],"datatype":"INT8","data":[2]},
                 {"name":"c","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}}],
                 "parameters":{"binary_data_output":true},
                 "outputs":[{"name":"a"},{"name":"b","parameters":{"binary_data":true}},
                            {"name":"c","parameters":{"binary_data":false}}]}
                """;

        var answer = send(json, "0103");

        assertThat(answer.json)
                .endsWith(
                        """
                        "outputs":[{"name":"a","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}},\
                        {"name":"b","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}},\
                        {"name":"c","shape":[1],"datatype":"INT8","data":[3]}]}\
                        """);
        assertThat(answer.raw).isEqualTo("0102");
    }

    @Test
    void jsonIsAnsweredWhereBytesAreNotAskedFor() throws Exception {
        var json = "{\"id\":\"7\",\"inputs\":[%s]}".formatted(input("FP32", "[1]", 4));

        var answer = send(json, "0000803f");

        assertThat(answer.json).endsWith("\"data\":[1.0]}]}");
        assertThat(answer.raw).isEmpty();
    }

    @Test
    void textsWithoutBytesOfTheirOwnAreBase64InJson() throws Exception {
        var json = "{\"id\":\"7\",\"inputs\":[%s]}".formatted(input("BYTES", "[1]", 6));

        assertThat(send(json, "02000000ff00").json)
                .endsWith("\"parameters\":{\"content_type\":\"base64\"},\"data\":[\"/wA=\"]}]}");
    }

    @Test
    void halfPrecisionIsNotAnsweredAsJson() throws Exception {
        var json = "{\"inputs\":[%s]}".formatted(input("FP16", "[1]", 2));

        var answer = send(json, "003c");

        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.json)
                .isEqualTo(
                        "{\"error\":\"Sending FP16 data via JSON is not supported. Please use the"
                                + " binary data format for output x\"}");
    }

    @Test
    void norIsItInAStreamOfEvents() throws Exception {
        var json = "{\"inputs\":[%s]}".formatted(input("BF16", "[1]", 2)) + "ab";
        var length = Integer.toString(json.length() - 2);

        var answer =
                send("/v2/models/m/infer_stream", json.getBytes(StandardCharsets.US_ASCII), length);

        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.json).startsWith("{\"error\":\"Sending BF16 data via JSON");
    }

    @Test
    void aBodyWithoutJsonIsTheOnlyInput() throws Exception {
        var answer = send("", "000000000000f03f0000000000000040", "0");

        assertThat(answer.json)
                .contains(
                        "{\"name\":\"input-0\",\"shape\":[1,2],\"datatype\":\"FP64\","
                                + "\"parameters\":{\"binary_data_size\":16}}");
        assertThat(answer.raw).isEqualTo("000000000000f03f0000000000000040");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    INT8  | [4]  | 4  | 0102     | input 'x' has the binary_data_size 4, but 2 bytes are left in the body
                    INT8  | [1]  | -1 | 01       | input 'x' has the binary_data_size -1, but 1 bytes are left in the body
                    INT8  | [1]  | 1  | 010203   | the body has 2 bytes after the last binary input
                    INT32 | [2]  | 4  | 01000000 | input 'x' of shape [2] and datatype INT32 needs 8 bytes, has 4
                    INT32 | [65536,65536] | 4 | 01000000 | input 'x' of shape [65536, 65536] has more than 2147483647 elements
                    FP64  | [268435455] | 4 | 01000000 | input 'x' of shape [268435455] and datatype FP64 needs 2147483640 bytes, has 4
                    BYTES | [1]  | 5  | ffffffff61 | input 'x': element 0 says 4294967295 bytes, only 1 are left
                    BYTES | [1]  | 3  | 010000   | input 'x' of shape [1] needs at least 4 bytes, has 3
                    BYTES | [2147483647] | 4 | 00000000 | input 'x' of shape [2147483647] needs at least 8589934588 bytes, has 4
                    BYTES | [1]  | 9  | 010000006100000000 | input 'x' of shape [1] has 4 bytes after its last element
                    """)
    void lengthsThatLieAreRefused(String datatype, String shape, int size, String raw, String why)
            throws Exception {
        var answer = send("{\"inputs\":[%s]}".formatted(input(datatype, shape, size)), raw);

        assertThat(answer.json).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(answer.status).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"99999999999", "-1", "1e3", "''", "4294967296", "0x10"})
    void lengthsOfTheJsonThatAreNoneAreRefused(String length) throws Exception {
        var answer = send("{}", "", length);

        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.json).contains("Inference-Header-Content-Length must be a number");
    }

    @Test
    void jsonThatIsLongerThanTheBodyIsRefused() throws Exception {
        assertThat(send("{}", "", "900").json)
                .isEqualTo(
                        "{\"error\":\"Inference-Header-Content-Length is 900, but the body has 2 bytes\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "data":[1],"parameters":{"binary_data_size":1} | input 'x' has both 'data' and 'binary_data_size'
                    "parameters":{"binary_data_size":"1"} | input 'x' has the binary_data_size \\"1\\", which is no whole number
                    "parameters":{"binary_data_size":1.5} | input 'x' has the binary_data_size 1.5, which is no whole number
                    "parameters":{} | 'data' field is missing for input 'x' for model 'm'
                    "parameters":{"shared_memory_region":"r"} | 'inputs[0].parameters' asks for shared memory, which this server does not have; send JSON or binary data
                    """)
    void inputsThatSayTwoThingsAreRefused(String fields, String why) throws Exception {
        var answer =
                send(
                        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"INT8\",\"shape\":[1],%s}]}"
                                .formatted(fields),
                        "01");

        assertThat(answer.json).isEqualTo("{\"error\":\"" + why + "\"}");
    }

    @Test
    void dataBeforeItsNameIsFoundAgainInABinaryRequest() throws Exception {
        var json =
                "{\"inputs\":[{\"data\":[[1,2]],\"shape\":[1,2],\"datatype\":\"INT8\",\"name\":\"a\"},%s]}"
                        .formatted(input("INT8", "[1]", 1));

        assertThat(send(json, "05").json).contains("\"data\":[1,2]", "\"data\":[5]");
    }
}
