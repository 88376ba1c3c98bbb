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

/** Ours equals the library, for each estimator and each version that examples/models has. */
class EstimatorParityTest {
    private static final Path ROOT = Examples.ROOT.resolve("estimators");
    private static final double TOLERANCE = 1e-12;
    private static final double CANCELLING_TOLERANCE = 1e-9;

    private static List<Path> examples() {
        return Examples.withModel(".pkl").stream().filter(d -> d.startsWith(ROOT)).toList();
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
        assertThat(examples()).hasSizeGreaterThan(350);
        for (var version : List.of("1.9.1", "1.2.2")) {
            assertThat(examples())
                    .filteredOn(d -> d.startsWith(ROOT.resolve(version)))
                    .hasSizeGreaterThan(160);
        }
    }

    private static void compare(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = SampleRows.of(directory);
        assertThat(rows.getFirst().rows()).isGreaterThanOrEqualTo(200);
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var answers = expected.object("answers").fields();
            assertThat(model.metadata().methods())
                    .extracting(Method::wireName)
                    .containsExactlyInAnyOrderElementsOf(answers.keySet());
            for (var answer : answers.entrySet()) {
                var method = Method.named(answer.getKey()).orElseThrow();
                var outputs = model.predict(rows, Asked.of(method));
                check(directory, outputs, answer.getValue());
            }
        }
    }

    /** The library answers with a list where each of several outputs has its own table. */
    private static void check(Path directory, List<Tensor> outputs, Json answer) {
        double tolerance = tolerance(directory);
        if (outputs.size() == 1) {
            TensorsAgree.check(outputs.getFirst(), answer, tolerance);
            return;
        }
        var tables = ((Json.Arr) answer).items();
        assertThat(outputs).hasSize(tables.size());
        for (int k = 0; k < outputs.size(); k++) {
            TensorsAgree.check(outputs.get(k), tables.get(k), tolerance);
        }
    }

    /** Large numbers that cancel one another: the library's own sum is no closer to the truth. */
    private static double tolerance(Path directory) {
        return switch (directory.getFileName().toString()) {
            case "gpc-binary", "gpc-multi", "kernel-ridge-linear", "knn-sparse-cosine" ->
                    CANCELLING_TOLERANCE;
            default -> TOLERANCE;
        };
    }
}
