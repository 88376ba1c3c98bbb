package dev.marea.wire.llm.peek;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.llm.peek.ModelPeek.Seen;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelPeekTest {
    private static Seen read(String type, String body, long seed) {
        var peek = ModelPeek.of(type);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var random = new Random(seed);
        Seen seen = new Seen.NotYet();
        for (int from = 0; from < bytes.length && seen instanceof Seen.NotYet; ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(9));
            seen = peek.feed(bytes, from, length);
            from += length;
        }
        return seen;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"a\"} | a",
                "{ \"messages\" : [{\"model\":\"no\",\"content\":\"model\"}], \"x\":{\"model\":\"no\"}, \"y\":\"model\", \"model\" : \"ä/b\" , | ä/b",
                "{\"a\\\"b\":\"\\\\\",\"mod\\u0065l\":\"x-y\"} | x-y",
                "{\"stream\":true,\"n\":-1.5e3,\"z\":null,\"model\":\"z\"" + " | z"
            })
    void theModelIsFoundWhereverItStandsAndHoweverTheBytesCome(String body, String name) {
        for (int seed = 0; seed < 50; seed++) {
            assertThat(read("application/json", body, seed))
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            Seen.Model.class,
                            model -> {
                                assertThat(model.name()).isEqualTo(name);
                                var bytes = body.getBytes(StandardCharsets.UTF_8);
                                int length = (int) (model.end() - model.start());
                                assertThat(
                                                new String(
                                                        bytes,
                                                        (int) model.start(),
                                                        length,
                                                        StandardCharsets.UTF_8))
                                        .startsWith("\"")
                                        .endsWith("\"");
                            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | required",
                "{\"x\":[1,2,{\"model\":\"a\"}]} | required",
                "{\"model\":5} | required",
                "{\"model\":\"\"} | short string",
                "[{\"model\":\"a\"}] | JSON object",
                "hello | JSON object",
                "}}}} | required"
            })
    void aBodyWithoutOneSaysWhy(String body, String why) {
        assertThat(read("application/json", body, 1))
                .isInstanceOfSatisfying(
                        Seen.None.class, none -> assertThat(none.why()).contains(why));
    }

    @Test
    void aStreamIsSeenOnTheWay() {
        var peek = ModelPeek.of("application/json");
        var bytes = "{\"stream\": true, \"model\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        peek.feed(bytes, 0, bytes.length);
        assertThat(peek.asksForStream()).isTrue();
    }

    @Test
    void aFormsFieldIsFoundBeforeItsFileAndNoneIsWaitedForBehindOne() {
        var type = "multipart/form-data; boundary=\"x-1\"";
        var form =
                "--x-1\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--x-1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--x-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
        for (int seed = 0; seed < 50; seed++) {
            assertThat(read(type, form, seed))
                    .isInstanceOfSatisfying(
                            Seen.Model.class,
                            model -> {
                                assertThat(model.name()).isEqualTo("whisper");
                                assertThat(form.substring((int) model.start(), (int) model.end()))
                                        .isEqualTo("whisper");
                            });
        }
        var behind =
                "--x-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"model\"\r\n\r\n"
                        + "x".repeat(70_000);
        assertThat(read(type, behind, 1)).isInstanceOf(Seen.None.class);
        assertThat(
                        read(
                                type,
                                "--x-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x-1--\r\n",
                                1))
                .isInstanceOf(Seen.None.class);
    }
}
