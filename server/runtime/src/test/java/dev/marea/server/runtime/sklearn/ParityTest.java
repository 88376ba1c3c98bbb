package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.TensorsAgree;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ours equals the library, for every example that the library made. */
class ParityTest {
    /** The library's own noise: it multiplies in another order, and k-means by a shortcut. */
    private static final double TOLERANCE = 1e-12;

    private static final double SHORTCUT_TOLERANCE = 1e-6;

    /** Those that have no test of their own. */
    private static List<Path> examples() {
        return Examples.withModel(".pkl", ".joblib").stream()
                .filter(directory -> !directory.startsWith(Examples.ROOT.resolve("transformers")))
                .filter(directory -> !directory.startsWith(Examples.ROOT.resolve("estimators")))
                .filter(directory -> !directory.startsWith(Examples.ROOT.resolve("lightgbm")))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> answersAsTheLibraryDoes() {
        return examples().stream()
                .map(directory ->
                        dynamicTest(
                                Examples.ROOT.relativize(directory).toString(),
                                () -> compare(directory)));
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        assertThat(examples()).hasSizeGreaterThan(50);
    }

    private static void compare(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = Examples.rows(expected.at("input").orElseThrow());
        assertThat(rows.rows()).isGreaterThanOrEqualTo(100);
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var answers = expected.object("answers").fields();
            assertThat(model.metadata().methods())
                    .extracting(Method::wireName)
                    .containsExactlyInAnyOrderElementsOf(answers.keySet());
            for (var answer : answers.entrySet()) {
                var method = Method.named(answer.getKey()).orElseThrow();
                var output = model.predict(List.of(rows), Asked.of(method)).getFirst();
                TensorsAgree.check(output, answer.getValue(), tolerance(directory, method));
            }
        }
    }

    private static double tolerance(Path directory, Method method) {
        return directory.toString().contains("kmeans") && method == Method.TRANSFORM
                ? SHORTCUT_TOLERANCE
                : TOLERANCE;
    }
}
