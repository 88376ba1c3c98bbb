package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
    private static final String ROW = "{\"instances\":[[1,2]]}";
    private static final String ROWS = "{\"instances\":[[1,2]" + ",[1,2]".repeat(999) + "]}";

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

    private static byte[] packed(String coding, byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                coding.endsWith("gzip")
                        ? new GZIPOutputStream(bytes)
                        : new DeflaterOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private HttpResponse<byte[]> send(String coding, byte[] body) throws Exception {
        return served.send(
                served.to("/v1/models/m:predict")
                        .header("Content-Encoding", coding)
                        .POST(BodyPublishers.ofByteArray(body)),
                BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "GZIP"})
    void bodiesMayBePacked(String coding) throws Exception {
        var plain = ROWS.getBytes(StandardCharsets.UTF_8);

        var answer = send(coding, packed(coding.toLowerCase(Locale.ROOT), plain));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).startsWith("{\"predictions\":[[1.0,2.0],");
    }

    @Test
    void whatIsNotTakenIsToldWithWhatIs() throws Exception {
        for (var coding : new String[] {"br", "zstd", "snappy", "gzip, gzip"}) {
            var answer = send(coding, new byte[] {1});

            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(text(answer))
                    .isEqualTo(
                            "{\"error\":\"Content-Encoding "
                                    + coding
                                    + " is not taken; gzip, deflate, identity are.\"}");
            assertThat(answer.headers().firstValue("accept-encoding"))
                    .hasValue("gzip, deflate, identity");
        }
    }

    @Test
    void aBombIsRefusedByWhatComesOutOfIt() throws Exception {
        var answer = send("gzip", packed("gzip", new byte[(64 << 20) + 1]));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(text(answer))
                .isEqualTo(
                        "{\"error\":\"the body is larger than 67108864 bytes when it is unpacked\"}");
        assertThat(served.predict(ROW).statusCode()).isEqualTo(200);
    }

    @Test
    void damagedBodiesAreRefused() throws Exception {
        var whole = packed("gzip", ROWS.getBytes(StandardCharsets.UTF_8));
        var flipped = whole.clone();
        flipped[flipped.length / 2] ^= 0x55;

        for (var body :
                new byte[][] {
                    Arrays.copyOf(whole, whole.length - 9), flipped, {1, 2, 3}, new byte[0]
                }) {
            var answer = send("gzip", body);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(text(answer)).startsWith("{\"error\":\"the body is no gzip: ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip",
        "'gzip, deflate, br', gzip",
        "'deflate', deflate",
        "'br;q=1.0, gzip;q=0.8, *;q=0.1', gzip",
        "'gzip;q=0', ",
        "'gzip;q=0, deflate', deflate",
        "identity, "
    })
    void largeAnswersArePackedAsAskedFor(String accepted, String coding) throws Exception {
        var answer =
                served.send(
                        served.to("/v1/models/m:predict")
                                .header("Accept-Encoding", accepted)
                                .POST(BodyPublishers.ofString(ROWS)),
                        BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("content-encoding"))
                .isEqualTo(Optional.ofNullable(coding));
        assertThat(new String(unpacked(answer.body(), coding), StandardCharsets.UTF_8))
                .startsWith("{\"predictions\":[[1.0,2.0],")
                .endsWith("]}");
    }

    private static byte[] unpacked(byte[] body, @Nullable String coding) throws IOException {
        var bytes = new ByteArrayInputStream(body);
        try (InputStream in =
                coding == null
                        ? bytes
                        : coding.equals("gzip")
                                ? new GZIPInputStream(bytes)
                                : new InflaterInputStream(bytes)) {
            return in.readAllBytes();
        }
    }

    @Test
    void smallAnswersAreNotPacked() throws Exception {
        var answer =
                served.send(
                        served.to("/v1/models/m:predict")
                                .header("Accept-Encoding", "gzip")
                                .POST(BodyPublishers.ofString(ROW)));

        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.body()).isEqualTo("{\"predictions\":[[1.0,2.0]]}");
    }
}
