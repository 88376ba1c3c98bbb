package dev.marea.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.Refused;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOutTest {
    private static String written(double value) throws Refused {
        return new String(JsonOut.begin().number(value).finish(), StandardCharsets.UTF_8);
    }

    private static String written(float value) throws Refused {
        return new String(JsonOut.begin().number(value).finish(), StandardCharsets.UTF_8);
    }

    private static String written(long value) throws Refused {
        return new String(JsonOut.begin().number(value).finish(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "-17, -17.0",
        "999999999999999, 999999999999999.0",
        "1e15, 1.0E15",
        "0.1, 0.1",
        "-2.5, -2.5",
        "0.001, 0.001",
        "0.0009, 9.0E-4",
        "1234567.125, 1234567.125",
        "9999999.5, 9999999.5",
        "0.30000000000000004, 0.30000000000000004",
        "1.7976931348623157e308, 1.7976931348623157E308",
        "4.9e-324, 4.9E-324",
        "NaN, null",
        "-Infinity, null"
    })
    void doublesAreShort(double value, String json) throws Exception {
        assertThat(written(value)).isEqualTo(json);
    }

    @Test
    void doublesAreReadAsTheyWere() throws Exception {
        long seed = 7;
        var random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            double value =
                    switch (i % 4) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextDouble();
                        case 2 -> random.nextInt(10_000_000) / 1e4;
                        default -> -random.nextInt() / 8.0;
                    };
            if (Double.isFinite(value)) {
                var json = written(value);
                assertThat(Double.parseDouble(json)).as("seed %d, %s", seed, json).isEqualTo(value);
                assertThat(json.length()).isLessThanOrEqualTo(Double.toString(value).length() + 8);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-0.0, -0.0",
        "3, 3.0",
        "16777216, 1.6777216E7",
        "1e-9, 1.0E-9",
        "NaN, null"
    })
    void floatsAreShort(float value, String json) throws Exception {
        assertThat(written(value)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                9,
                10,
                -10,
                99,
                100,
                1_000_000,
                999_999_999_999_999_999L,
                1_000_000_000_000_000_000L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                -1
            })
    void wholeNumbersHaveAllTheirDigits(long value) throws Exception {
        assertThat(written(value)).isEqualTo(Long.toString(value));
        assertThat(new String(JsonOut.begin().unsigned(value).finish(), StandardCharsets.UTF_8))
                .isEqualTo(Long.toUnsignedString(value));
    }

    @Test
    void everyTextIsReadAsItWas() throws Exception {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(300); length > 0; length--) {
                text.appendCodePoint(
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(' ');
                            case 1 ->
                                    "\"\\/\u007f\u0080\u07ff\u0800\uffff".charAt(random.nextInt(8));
                            case 2 -> 0x1f600 + random.nextInt(60);
                            default -> ' ' + random.nextInt(95);
                        });
            }
            var json = JsonOut.begin().text(text.toString()).finish();

            assertThat(JsonReader.read(json)).isEqualTo(new Json.Str(text.toString()));
        }
    }

    @Test
    void halfASurrogatePairIsReplaced() throws Exception {
        assertThat(
                        new String(
                                JsonOut.begin().text("a\ud800b\udc00").finish(),
                                StandardCharsets.UTF_8))
                .isEqualTo("\"a\ufffdb\ufffd\"");
    }

    @Test
    void answersAreLimited() throws Exception {
        var out = JsonOut.begin(8_000).raw(new byte[8_000]);

        assertThatThrownBy(() -> out.raw('x'))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "The answer is larger than 8000 bytes; ask for fewer rows, or for binary"
                                + " data.");
        assertThat(JsonOut.begin().nothing().finish()).hasSize(4);
    }
}
