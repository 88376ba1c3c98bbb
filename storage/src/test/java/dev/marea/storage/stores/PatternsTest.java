package dev.marea.storage.stores;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.storage.credentials.Access;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {
    @ParameterizedTest
    @CsvSource({
        "*.safetensors, a.safetensors, true",
        "*.safetensors, sub/a.safetensors, true",
        "*.safetensors, a.bin, false",
        "model.?in, model.bin, true",
        "sub/, sub/deep/a, true",
        "[ab]*.bin, b1.bin, true",
        "[!ab]*.bin, b1.bin, false",
        "[0-9].bin, 7.bin, true",
        "a[.bin, a[.bin, true",
        "A.bin, a.bin, false"
    })
    void readsShellPatternsAsKserveDoes(String pattern, String path, boolean admitted) {
        assertThat(
                        new Patterns(
                                        List.of(pattern.endsWith("/") ? pattern + "*" : pattern),
                                        List.of())
                                .admits(path))
                .isEqualTo(admitted);
    }

    @Test
    void listsAreOfCommasOrJson() throws Exception {
        var commas =
                Patterns.of(
                        Access.read(
                                Map.of(
                                        "STORAGE_ALLOW_PATTERNS",
                                        "*.bin, *.json",
                                        "STORAGE_IGNORE_PATTERNS",
                                        "old/")));
        var json =
                Patterns.of(
                        Access.read(
                                Map.of(
                                        "STORAGE_ALLOW_PATTERNS",
                                        "[\"*.bin\", '*.json']",
                                        "STORAGE_IGNORE_PATTERNS",
                                        "[\"old/\"]")));
        assertThat(json).isEqualTo(commas);
        assertThat(commas.admits("a.bin")).isTrue();
        assertThat(commas.admits("old/a.bin")).isFalse();
        assertThat(commas.admits("a.txt")).isFalse();
    }

    @Test
    void aHostilePatternTakesNoTime() {
        var hostile = new Patterns(List.of("*a".repeat(100) + "b"), List.of());
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(hostile.admits("a".repeat(2000))).isFalse());
    }
}
