package dev.marea.server.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorsAgree;
import dev.marea.server.runtime.sklearn.SklearnRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** XGBoost's classes for scikit-learn answer as they do in Python, alone and in a pipeline. */
class PickledXgboostTest {
    /** A step of single precision in a probability, and in a pipeline one of its scaler's sums. */
    private static final double TOLERANCE = 1e-6;

    @TestFactory
    Stream<DynamicTest> answersAsTheLibraryDoes() {
        return XgboostExamples.pickles().stream()
                .map(directory ->
                        dynamicTest(
                                XgboostExamples.ROOT.relativize(directory).toString(),
                                () -> compare(directory)));
    }

    @Test
    void aDataFramesCategoriesMayBeSentByTheirNames() throws Exception {
        var directory = XgboostExamples.ROOT.resolve("new").resolve("pickle-categories");
        var expected = Examples.expected(directory);
        var rows = XgboostExamples.rows(expected);
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var names = model.metadata().columns();
            assertThat(names).containsExactly("a", "color", "kind", "code", "b", "c");
            var columns =
                    List.of(
                            XgboostExamples.column("a", rows, 0),
                            XgboostExamples.named("color", rows, 1, XgboostExamples.COLORS::get),
                            XgboostExamples.named("kind", rows, 2, code -> "kind " + code),
                            XgboostExamples.column("code", rows, 3, code -> 10 * code),
                            XgboostExamples.column("b", rows, 4),
                            XgboostExamples.column("c", rows, 5));
            var output = model.predict(columns, Asked.of(Method.PREDICT_PROBA)).getFirst();
            var theirs = expected.object("answers").at("predict_proba").orElseThrow();
            TensorsAgree.check(output, theirs, TOLERANCE);
            var unknown = new ArrayList<>(columns);
            unknown.set(1, XgboostExamples.named("color", rows, 1, _ -> "mauve"));
            assertThatThrownBy(() -> model.predict(unknown, Asked.PLAINLY))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("'mauve'");
        }
    }

    @Test
    void aBoosterThatWasPickledByItselfIsAnXgboostModelToo() throws Exception {
        var file = XgboostExamples.model("new", "pickle-booster");
        try (var model = new XgboostRuntime().load(file)) {
            assertThat(model.metadata().platform()).isEqualTo("xgboost");
        }
    }

    @Test
    void aPickledClassifierIsSentToTheFormatThatServesIt() {
        var file = XgboostExamples.model("new", "pickle-binary");
        assertThatThrownBy(() -> new XgboostRuntime().load(file))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("xgboost.sklearn.XGBClassifier")
                .hasMessageContaining("modelFormat sklearn");
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        assertThat(XgboostExamples.pickles()).hasSizeGreaterThan(25);
    }

    private static void compare(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = XgboostExamples.rows(expected);
        var table =
                Tensor.of(
                        "input-0",
                        new int[] {rows.length, rows[0].length},
                        XgboostExamples.flat(rows));
        try (var model = new SklearnRuntime().load(Examples.modelFile(directory))) {
            var answers = expected.object("answers").fields();
            assertThat(model.metadata().methods())
                    .extracting(Method::wireName)
                    .containsExactlyInAnyOrderElementsOf(answers.keySet());
            for (var answer : answers.entrySet()) {
                var method = Method.named(answer.getKey()).orElseThrow();
                var output = model.predict(List.of(table), Asked.of(method)).getFirst();
                TensorsAgree.check(output, answer.getValue(), TOLERANCE);
            }
        }
    }
}
