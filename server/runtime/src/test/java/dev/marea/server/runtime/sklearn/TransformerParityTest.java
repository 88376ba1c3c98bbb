package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.SampleRows;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorsAgree;
import dev.marea.wire.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ours equals the library for pipelines of transformers, in each version that we have of them. */
class TransformerParityTest {
    private static final Path ROOT = Examples.ROOT.resolve("transformers");
    private static final double TOLERANCE = 1e-12;

    /** The library finds distances by a shortcut that loses some digits. */
    private static final double SHORTCUT_TOLERANCE = 1e-8;

    private static List<Path> examples() {
        return Examples.withModel(".pkl", ".joblib").stream()
                .filter(directory -> directory.startsWith(ROOT))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> answersAsTheLibraryDoes() {
        return examples().stream()
                .map(directory ->
                        dynamicTest(
                                ROOT.relativize(directory).toString(), () -> compare(directory)));
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        for (var version : List.of("1.9.1", "1.2.2")) {
            assertThat(examples())
                    .filteredOn(directory -> directory.startsWith(ROOT.resolve(version)))
                    .hasSizeGreaterThan(65);
        }
    }

    private static void compare(Path directory) throws Exception {
        var inputs = SampleRows.of(directory);
        assertThat(inputs.getFirst().rows()).isGreaterThanOrEqualTo(200);
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var answers = Examples.expected(directory).object("answers").fields();
            assertThat(model.metadata().methods())
                    .extracting(Method::wireName)
                    .containsExactlyInAnyOrderElementsOf(answers.keySet());
            for (var answer : answers.entrySet()) {
                var method = Method.named(answer.getKey()).orElseThrow();
                var output = model.predict(inputs, Asked.of(method)).getFirst();
                check(output, answer.getValue(), tolerance(directory));
            }
        }
    }

    private static double tolerance(Path directory) {
        return directory.endsWith("knn-imputer-distance") ? SHORTCUT_TOLERANCE : TOLERANCE;
    }

    private static void check(Tensor ours, Json theirs, double tolerance) {
        if (theirs instanceof Json.Obj cells) {
            TensorsAgree.checkCells(ours, cells, tolerance);
        } else {
            TensorsAgree.check(ours, theirs, tolerance);
        }
    }
}
