package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.Offer;
import dev.marea.server.models.RepositorySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {
    @Test
    void kservesOwnArgumentsAreTaken() throws Exception {
        var flags =
                Flags.parse(
                        "--model_name=iris",
                        "--model_dir=/mnt/models",
                        "--http_port=8081",
                        "--workers",
                        "2",
                        "--grpc-port=9",
                        "--enable_docs_url");

        var settings = flags.settings(Map.of());

        assertThat(settings.model().name()).isEqualTo("iris");
        assertThat(settings.model().model()).isEqualTo(Path.of("/mnt/models"));
        assertThat(settings.port()).isEqualTo(8_081);
        assertThat(settings.grpcPort()).hasValue(9);
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(flags.ignored()).containsExactly("workers", "enable_docs_url");
    }

    @Test
    void theEnvironmentFillsWhatNoFlagGives() throws Exception {
        var settings =
                Flags.parse("--model_dir", "m")
                        .settings(
                                Map.of(
                                        "PORT",
                                        "31000",
                                        "HOST",
                                        "127.0.0.1",
                                        "PREDICT_PROBA",
                                        "true"));

        assertThat(settings.port()).isEqualTo(31_000);
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.model().probabilities()).isTrue();
        assertThat(settings.model().name()).isEqualTo("model");
    }

    @Test
    void aFlagWinsOverTheEnvironment() throws Exception {
        var settings = Flags.parse("--model_dir=m", "--http_port=1").settings(Map.of("PORT", "2"));

        assertThat(settings.port()).isEqualTo(1);
    }

    @Test
    void aRepositoryIsServedWithTritonsNames() throws Exception {
        var settings =
                Flags.parse(
                                "--model-store=/mnt/models",
                                "--model-control-mode=explicit",
                                "--load-model=a",
                                "--load-model=b",
                                "--model_memory=512Mi",
                                "--max_batch_delay=500us")
                        .settings(Map.of("MAREA_MAX_BATCH_SIZE", "8"));

        assertThat(settings.offer())
                .isEqualTo(
                        new Offer.Many(
                                new RepositorySettings(
                                        Path.of("/mnt/models"),
                                        false,
                                        List.of("a", "b"),
                                        Duration.ofSeconds(5))));
        assertThat(settings.serving().memoryBytes()).isEqualTo(512L << 20);
        assertThat(settings.serving().batching().rowsMax()).hasValue(8);
        assertThat(settings.serving().batching().delay()).isEqualTo(Duration.ofNanos(500_000));
    }

    @Test
    void aWatchedRepositoryLoadsWhatFits() throws Exception {
        var settings =
                Flags.parse("--model_repository=r", "--model_control=poll").settings(Map.of());

        assertThat(settings.offer())
                .isEqualTo(
                        new Offer.Many(
                                new RepositorySettings(
                                        Path.of("r"), true, List.of("*"), Duration.ofSeconds(5))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --model_nam=x       | unknown flag --model_nam, did you mean "model_name"?
                    --zzzzzzzzzz=x      | unknown flag --zzzzzzzzzz
                    iris                | 'iris' is no flag; flags start with --
                    --model_dir         | --model_dir needs a value
                    --model_name=x      | --model_dir is missing: a directory or a model file
                    --model_dir=m --http_port=x     | the port must be a number 0..65535, was 'x'
                    --model_dir=m --http_port=70000 | the port must be a number 0..65535, was '70000'
                    --model_dir=m --model_repository=r  | --model_dir is one model and --model_repository many: give one
                    --model_repository=r --model_control=x | --model_control must be one of [none, explicit, poll], was 'x'
                    --model_dir=m --max_batch_size=0    | --max_batch_size must be a number 1..1048576, was '0'
                    --model_dir=m --max_batch_delay=5h  | --max_batch_delay must be a time such as 500us, 5ms or 1s, was '5h'
                    --model_dir=m --max_batch_delay=90s | the batch delay must be 0..60 s, was PT1M30S
                    --model_dir=m --model_memory=lots   | --model_memory must be a size such as 512Mi or 4Gi, was 'lots'
                    --model_dir=m --model_name=a/b  | a model's name is not empty and has no slash, was 'a/b'
                    """)
    void aBadCommandLineSaysWhatToMend(String line, String why) {
        assertThatThrownBy(() -> Flags.parse(line.split(" ")).settings(Map.of()))
                .isInstanceOf(Flags.BadFlag.class)
                .hasMessage(why);
    }

    @Test
    void helpNeedsNothingElse() throws Exception {
        assertThat(Flags.parse("--help").help()).isTrue();
        assertThat(Flags.parse("-h").help()).isTrue();
    }
}
