package dev.marea.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.JsonReader.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    static Stream<Arguments> hostileText() {
        return Stream.of(
                Arguments.of("depth", "[".repeat(250_000), "depth"),
                Arguments.of("long number", "1".repeat(1 << 20), "Number value length"),
                Arguments.of("duplicate", "{\"a\":1,\"a\":2}", "Duplicate field 'a'"),
                Arguments.of("NaN", "{\"a\":NaN}", "NaN"),
                Arguments.of("Infinity", "[-Infinity]", "Infinity"),
                Arguments.of("overflow", "[1e400]", "too large at byte"),
                Arguments.of("long integer", "9".repeat(400), "too large at byte"),
                Arguments.of("lone surrogate", "\"\\ud800\"", "half a surrogate pair at byte"),
                Arguments.of("lone low surrogate", "\"a\\udc00b\"", "half a surrogate pair"),
                Arguments.of(
                        "lone surrogate in a name",
                        "{\"\\ud800\":1}",
                        "surrogate pair in field name"),
                Arguments.of("garbage", "{} x", "at byte"),
                Arguments.of("second document", "{} {}", "after the document at byte"),
                Arguments.of("empty", "", "the document is empty"),
                Arguments.of("blank", " \n", "the document is empty"),
                Arguments.of("comment", "{} // x", "at byte"),
                Arguments.of("trailing comma", "[1,]", "at byte"),
                Arguments.of("single quotes", "{'a':1}", "at byte"),
                Arguments.of("bare name", "{a:1}", "at byte"),
                Arguments.of("leading zero", "[01]", "at byte"),
                Arguments.of("plus", "[+1]", "at byte"),
                Arguments.of("control character", "\"a\u0001b\"", "at byte"),
                Arguments.of("cut", "{\"a\":[1,2", "at byte"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileText")
    void hostileTextIsRefusedWithThePlace(String name, String text, String message) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .as(name)
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> hostileBytes() {
        return Stream.of(
                Arguments.of("BOM", bytes(0xEF, 0xBB, 0xBF, '{', '}'), "byte order mark at byte 0"),
                Arguments.of("UTF-16", "{}".getBytes(StandardCharsets.UTF_16), "not UTF-8"),
                Arguments.of("UTF-16LE", "{}".getBytes(StandardCharsets.UTF_16LE), "not UTF-8"),
                Arguments.of("UTF-16BE", "{}".getBytes(StandardCharsets.UTF_16BE), "not UTF-8"),
                Arguments.of("surrogate", bytes('"', 0xED, 0xA0, 0x80, '"'), "UTF-8 at byte 1"),
                Arguments.of("overlong", bytes('"', 0xC0, 0x80, '"'), "UTF-8 at byte 1"),
                Arguments.of("cut sequence", bytes('"', 'a', 0xC3), "UTF-8 at byte 2"),
                Arguments.of("stray byte", bytes('"', 0x80, '"'), "UTF-8 at byte 1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileBytes")
    void otherEncodingsAreNotGuessedAt(String name, byte[] utf8, String message) {
        assertThatThrownBy(() -> JsonReader.read(utf8)).as(name).hasMessageContaining(message);
    }

    @Test
    void brokenUtf8IsFoundBehindTheFirstChunk() {
        var text = ("{\"a\":\"" + "ä".repeat(20_000)).getBytes(StandardCharsets.UTF_8);
        text[text.length - 1] = 'x';
        assertThatThrownBy(() -> JsonReader.read(text))
                .hasMessage("broken UTF-8 at byte " + (text.length - 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,2.5,true,false,null,\"x\"],\"b\":{}}",
                "\"\\\"\\\\\\n\u00e4\ud83d\ude00\"",
                "-9223372036854775808",
                "[]",
                "0"
            })
    void whatWasReadIsWrittenAlike(String text) throws Exception {
        assertThat(JsonReader.read(JsonWriter.bytes(JsonReader.read(text))))
                .isEqualTo(JsonReader.read(text));
    }

    @Test
    void equalityIgnoresTheOrderOfFieldsButNotOfItems() throws Exception {
        assertThat(JsonReader.read("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}"))
                .isEqualTo(JsonReader.read("{\"b\":{\"d\":3,\"c\":2},\"a\":1}"))
                .hasSameHashCodeAs(JsonReader.read("{\"b\":{\"d\":3,\"c\":2},\"a\":1}"));
        assertThat(JsonReader.read("[1,2]")).isNotEqualTo(JsonReader.read("[2,1]"));
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
