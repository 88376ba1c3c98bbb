package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.TensorsAgree;
import dev.marea.server.runtime.lightgbm.LightgbmExamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** LightGBM's classes and boosters in pickles: ours equals the library's. */
class LightgbmPickleTest {
    private static final double TOLERANCE = 1e-12;

    @TempDir Path scratch;

    @TestFactory
    Stream<DynamicTest> answersAsTheLibraryDoes() {
        return LightgbmExamples.withModel(".pkl", ".joblib").stream()
                .map(directory ->
                        dynamicTest(
                                LightgbmExamples.ROOT.relativize(directory).toString(),
                                () -> compare(directory)));
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        assertThat(LightgbmExamples.withModel(".pkl", ".joblib")).hasSizeGreaterThan(15);
    }

    private static void compare(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = LightgbmExamples.rows(directory, expected);
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var answers = expected.object("answers").fields();
            assertThat(model.metadata().methods())
                    .extracting(Method::wireName)
                    .containsExactlyInAnyOrderElementsOf(answers.keySet());
            for (var answer : answers.entrySet()) {
                var method = Method.named(answer.getKey()).orElseThrow();
                var output = model.predict(rows, Asked.of(method)).getFirst();
                TensorsAgree.check(output, answer.getValue(), TOLERANCE);
            }
        }
    }

    @Test
    void aDamagedTextNamesItsLine() throws Exception {
        var file = Examples.modelFile(LightgbmExamples.ROOT.resolve("sklearn-regressor"));
        var pickle = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        var damaged = pickle.replaceFirst("split_feature=[0-9]", "split_feature=9");
        var copy = scratch.resolve("model.pkl");
        Files.write(copy, damaged.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> new SklearnRuntime().load(copy))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("Booster: its text, line")
                .hasMessageContaining("split_feature has 9, not in 0..5");
    }
}
