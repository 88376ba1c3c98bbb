package dev.marea.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static final String WHOLE =
            """
            # a model of ours
            name: "resnet"  platform: 'onnxruntime_' "onnx"
            max_batch_size: 16
            input [
              { name: "x" data_type: TYPE_FP32 format: FORMAT_NCHW dims: [ 3, 224, 224 ] },
              { name: "label", data_type: TYPE_STRING; dims: 1; dims: -1 }
            ]
            output < name: "y" data_type: TYPE_FP16 dims: [ ] >
            version_policy: { specific { versions: [1, 3] } }
            dynamic_batching {
              preferred_batch_size: [ 4, 8 ]
              max_queue_delay_microseconds: 500
              default_queue_policy { default_timeout_microseconds: 2000000 max_queue_size: 32 }
            }
            instance_group [ { count: 2 kind: KIND_CPU }, { kind: KIND_CPU } ]
            parameters { key: "a" value { string_value: "b\\"\\n" } }
            optimization { priority: PRIORITY_MAX }
            """;

    @Test
    void whatMeansSomethingHereIsReadAndTheRestIsSkipped() throws Exception {
        assertThat(ConfigFile.read(WHOLE))
                .isEqualTo(
                        new ModelConfig(
                                Optional.of("onnxruntime_onnx"),
                                new Batching(
                                        OptionalInt.of(16),
                                        Duration.ofNanos(500_000),
                                        List.of(4, 8),
                                        OptionalInt.of(32),
                                        Optional.of(Duration.ofSeconds(2))),
                                new VersionPolicy.Specific(List.of(1L, 3L)),
                                OptionalInt.of(3),
                                List.of(
                                        TensorSpec.of("x", Datatype.FP32, 3, 224, 224),
                                        TensorSpec.of("label", Datatype.BYTES, 1, -1)),
                                List.of(TensorSpec.of("y", Datatype.FP16))));
    }

    @Test
    void nothingSaidIsPlain() throws Exception {
        assertThat(ConfigFile.read("")).isEqualTo(ModelConfig.PLAIN);
        assertThat(ConfigFile.read("# nothing")).isEqualTo(ModelConfig.PLAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    max_batch_size: 8                                    | 1
                    max_batch_size: 0                                    | 1
                    max_batch_size: 8 dynamic_batching { }               | 8
                    max_batch_size: 0 dynamic_batching { }               | 1
                    dynamic_batching { preferred_batch_size: 4 }         | 1
                    """)
    void onlyDynamicBatchingJoins(String text, int rows) throws Exception {
        assertThat(ConfigFile.read(text).batching().rowsMax()).hasValue(rows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    version_policy { latest { num_versions: 2 } } | 5,3
                    version_policy { latest { } }                 | 5
                    version_policy: { all { } }                   | 5,3,1
                    version_policy { specific { versions: 3 versions: 4 } } | 3
                    name: 'x'                                     | 5
                    """)
    void aVersionPolicyChooses(String text, String chosen) throws Exception {
        var wanted = ConfigFile.read(text).versions().choose(List.of(5L, 3L, 1L));

        assertThat(wanted).extracting(Object::toString).containsExactly(chosen.split(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    max_batch_size 8                 | line 1: expected ':' or '{' after max_batch_size, found '8'
                    max_batch_size: -1               | line 1: max_batch_size must be a whole number 0..1048576, was -1
                    max_batch_size: 1.5              | line 1: max_batch_size must be a whole number 0..1048576, was 1.5
                    max_batch_size: {}               | line 1: max_batch_size must be a value, not {…}
                    dynamic_batching: 3              | line 1: dynamic_batching must be {…}, not 3
                    dynamic_batching {               | line 1: ends before '}'
                    a: [1 2]                         | line 1: expected ',' or ']' in the list a, found '2'
                    a: [1                            | line 1: expected ',' or ']' in the list a, found the end
                    a: "x                            | line 1: a string is not closed in its line
                    a: "\\x41"                        | line 1: the escape \\x is not read here
                    }                                | line 1: expected a field's name, found '}'
                    a:                               | line 1: expected a value, found the end
                    input { dims: 3 }                | line 1: input needs a name and a data_type
                    input { name: 'x' data_type: TYPE_FP8 } | line 1: unknown data_type TYPE_FP8
                    version_policy { specific { } }  | line 1: specific names no versions
                    """)
    void whatIsWrongIsNamedWithItsLine(String text, String why) {
        assertThatThrownBy(() -> ConfigFile.read(text))
                .isInstanceOf(BadConfig.class)
                .hasMessage(why);
    }

    @Test
    void theLineIsTheFieldsOwn() {
        assertThatThrownBy(() -> ConfigFile.read("\n# x\nname: 'a'\n\nmax_batch_size: many\n"))
                .hasMessageStartingWith("line 5: max_batch_size");
    }

    @Test
    void depthAndFieldsAreBounded() {
        assertThatThrownBy(() -> ConfigFile.read("a {".repeat(1_000)))
                .hasMessageContaining("levels deep");
        assertThatThrownBy(() -> ConfigFile.read("a: 1 ".repeat(10_001)))
                .hasMessageContaining("more than 10000 fields");
    }

    @Test
    void damagedTextIsRefusedAndNothingWorse() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(WHOLE);
            for (int n = random.nextInt(4); n >= 0; n--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            try {
                ConfigFile.read(text.toString());
            } catch (BadConfig expected) {
                assertThat(expected).hasMessageMatching("(?s)line \\d+: .*");
            }
        }
    }

    @Test
    void aDirectoryMayHaveNoneAndABadOneIsNamed(@TempDir Path directory) throws Exception {
        assertThat(ConfigFile.in(directory)).isEqualTo(ModelConfig.PLAIN);

        Files.writeString(directory.resolve("config.pbtxt"), "name: 'a'\nmax_batch_size: x");
        assertThatThrownBy(() -> ConfigFile.in(directory))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("config.pbtxt: line 2: max_batch_size must be");

        Files.write(directory.resolve("config.pbtxt"), new byte[] {(byte) 0xff, 'a'});
        assertThatThrownBy(() -> ConfigFile.in(directory)).hasMessageContaining("not UTF-8");

        Files.write(directory.resolve("config.pbtxt"), new byte[2 << 20]);
        assertThatThrownBy(() -> ConfigFile.in(directory)).hasMessageContaining("larger than");
    }
}
