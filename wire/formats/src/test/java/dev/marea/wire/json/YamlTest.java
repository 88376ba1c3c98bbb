package dev.marea.wire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of(
                        "twice", "a: 1\nb: 2\na: 3", "line 3, column 1: \"a\" stands there twice"),
                Arguments.of(
                        "merge key", "x: &x {a: 1}\ny:\n  <<: *x", "line 3, column 3: merge keys"),
                Arguments.of("tag", "a: !!python/object:os.system {}", "line 1, column 4: the tag"),
                Arguments.of("java tag", "!!java.net.URL [\"http://x\"]", "the tag"),
                Arguments.of("binary", "a: !!binary aGk=", "the tag"),
                Arguments.of("own tag", "a: !secret x", "the tag !secret is not taken"),
                Arguments.of("tab", "a:\n\tb: 1", "line 2"),
                Arguments.of("number as a name", "1: x", "put 1 in quotes"),
                Arguments.of("flag as a name", "true: x", "put true in quotes"),
                Arguments.of("list as a name", "[a]: x", "must be text"),
                Arguments.of("infinity", "a: .inf", "no number that JSON has"),
                Arguments.of("not a number", "a: .nan", "no number that JSON has"),
                Arguments.of("overflow", "a: 1e999", "no number that JSON has"),
                Arguments.of("alias of nothing", "a: *b", "alias *b stands for nothing"),
                Arguments.of("alias of itself", "a: &a [*a]", "alias *a stands for nothing"),
                Arguments.of(
                        "alias of another document", "a: &a 1\n---\nb: *a", "stands for nothing"),
                Arguments.of("deep flow", "[".repeat(100_000), "more than 100 levels deep"),
                Arguments.of("deep block", "- ".repeat(100_000) + "x", "more than 100 levels deep"),
                Arguments.of("deep aliases", deepAliases(), "more than 100 levels deep"),
                Arguments.of("bomb", bomb(), "more than 500000 values"),
                Arguments.of(
                        "many aliases",
                        "a: &a 1\nb: [" + "*a, ".repeat(101) + "]",
                        "more than 100 aliases"),
                Arguments.of("large", "a: " + "x".repeat(4 << 20), "at most 3145728 are read"),
                Arguments.of("unclosed", "a: [1, 2", "line"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void hostileDocumentsAreRefusedWithThePlace(String name, String text, String message) {
        assertThatThrownBy(() -> Yaml.read(text))
                .as(name)
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining(message);
    }

    /** Nine levels of nine: 387 million values from a few hundred characters. */
    private static String bomb() {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            text.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(9))
                    .append("]\n");
        }
        return text.toString();
    }

    private static String deepAliases() {
        var text = new StringBuilder("a0: &a0 " + "[".repeat(30) + "]".repeat(30) + "\n");
        for (int i = 1; i < 5; i++) {
            text.append("a%d: &a%d ".formatted(i, i))
                    .append("[".repeat(30))
                    .append("*a" + (i - 1))
                    .append("]".repeat(30))
                    .append("\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-7, -7",
        "0644, 420",
        "0o17, 15",
        "0x1F, 31",
        "1.5, 1.5",
        "1e3, 1000.0",
        "true, true",
        "False, false",
        "~, null",
        "yes, '\"yes\"'",
        "1.2.3, '\"1.2.3\"'",
        "2026-01-01, '\"2026-01-01\"'",
        "'\"1\"', '\"1\"'",
        "!!str 1, '\"1\"'",
        "99999999999999999999, 1.0E20"
    })
    void plainValuesMeanWhatKubernetesTakesThemFor(String text, String json) throws Exception {
        assertThat(Yaml.read("a: " + text).getFirst().at("a").orElseThrow()).hasToString(json);
    }

    @Test
    void emptyDocumentsAreLeftOutAndAnchorsAreCopied() throws Exception {
        assertThat(Yaml.read("---\n---\na: &x {b: 1}\nc: *x\n---\n# nothing\n"))
                .containsExactly(JsonReader.read("{\"a\":{\"b\":1},\"c\":{\"b\":1}}"));
    }

    @Test
    void jsonIsYamlToo() throws Exception {
        assertThat(Yaml.read("{\"a\": [1, \"x\", null]}"))
                .containsExactly(JsonReader.read("{\"a\":[1,\"x\",null]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "off",
                "y",
                "N",
                "0644",
                "012",
                "1_000",
                "12:30",
                "true",
                "null",
                "~",
                "1",
                "1.0",
                ".inf",
                "2026-01-01",
                "<<",
                "=",
                "",
                " x",
                "a: b",
                "# x",
                "*x",
                "two\nlines",
                "- x",
                "!x",
                "%x",
                "0b1"
            })
    void textStaysTextAlsoForReadersOfOlderYaml(String text) throws Exception {
        var written = Yaml.write(Json.Obj.of("a", text));
        assertThat(Yaml.read(written)).containsExactly(Json.Obj.of("a", text));
        assertThat(written).matches("(?s)a: *(['\"|>].*)");
    }
}
