package dev.marea.app.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.local.node.Images.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir Path home;

    @Test
    void withoutAFileTheDefaultsHold() throws Exception {
        assertThat(ConfigFile.read(home.resolve("config.yaml"), Settings.DEFAULT))
                .isEqualTo(Settings.DEFAULT);
    }

    @Test
    void aFileChangesWhatItNames() throws Exception {
        var settings =
                read(
                        "gatewayPort: 0\nimages:\n  a/b:1: [python3, serve.py]\n  c: {args: [-x], env: {A: 1}}\n");
        assertThat(settings.gatewayPort()).isZero();
        assertThat(settings.apiPort()).isEqualTo(Settings.DEFAULT.apiPort());
        assertThat(settings.images())
                .containsEntry(
                        "a/b:1",
                        new Executable(List.of("python3", "serve.py"), List.of(), Map.of(), true))
                .containsEntry(
                        "c", new Executable(List.of(), List.of("-x"), Map.of("A", "1"), false));
    }

    @Test
    void itSaysHowMuchIsKeptOfModelsAndWhoMayBeAsked() throws Exception {
        var fetching = read("storage: {cacheBytes: 3Gi, loopback: false}").fetching();
        assertThat(fetching).isEqualTo(new Settings.Fetching(3L << 30, false, java.util.Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gatewayProt: 1|did you mean gatewayPort",
                "gatewayPort: x|gatewayPort must be a whole number",
                "gatewayPort: 70000|0 (any free one) to 65535",
                "images: {a: 1}|images.a must be a list",
                "images: {a: {comand: [x]}}|did you mean command",
                "storage: {cacheByte: 1}|did you mean cacheBytes",
                "storage: {cacheBytes: much}|a number such as 100Gi",
                "storage: {loopback: no way}|true or false",
                "[1, 2]|must be a map",
                "a: b: c|config.yaml"
            })
    void aMistakeIsNamed(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigFile.BadConfig.class)
                .hasMessageContaining(message);
    }

    private Settings read(String text) throws Exception {
        return ConfigFile.read(
                Files.writeString(home.resolve("config.yaml"), text), Settings.DEFAULT);
    }
}
