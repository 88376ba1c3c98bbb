package dev.marea.server.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ours equals the library, for every booster that the library made. */
class XgboostParityTest {
    /** One step of single precision: the C library rounds exp and log once in a while otherwise. */
    private static final float ANSWER_TOLERANCE = 2.4e-7f;

    /** Versions before 1.3 added the intercept last; we add it first, as all later ones do. */
    private static final float OLD_SUM_TOLERANCE = 5e-6f;

    @TestFactory
    Stream<DynamicTest> marginsAreTheLibrarysToTheLastBit() {
        return tests(XgboostParityTest::compareMargins);
    }

    @TestFactory
    Stream<DynamicTest> answersAreTheLibrarys() {
        return tests(XgboostParityTest::compareAnswers);
    }

    @TestFactory
    Stream<DynamicTest> oneRowAnswersAsItDoesAmongOthers() {
        return tests(XgboostParityTest::compareAlone);
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        assertThat(XgboostExamples.boosters()).hasSizeGreaterThan(90);
    }

    private interface Comparison {
        void of(Path directory) throws Exception;
    }

    private static Stream<DynamicTest> tests(Comparison comparison) {
        return XgboostExamples.boosters().stream()
                .map(directory ->
                        dynamicTest(
                                XgboostExamples.ROOT.relativize(directory).toString(),
                                () -> comparison.of(directory)));
    }

    private static void compareMargins(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = XgboostExamples.rows(expected);
        assertThat(rows.length).isGreaterThanOrEqualTo(200);
        var booster = Booster.read(ModelBytes.read(Examples.modelFile(directory)));
        var margins = booster.margins(XgboostExamples.flat(rows), rows.length, booster.trees());
        var theirs = XgboostExamples.numbers(expected.object("answers").at("margin").orElseThrow());
        if (sumsAsToday(directory)) {
            assertThat(margins).containsExactly(theirs);
        } else {
            assertThat(margins).containsExactly(theirs, within(OLD_SUM_TOLERANCE));
        }
    }

    private static boolean sumsAsToday(Path directory) {
        var within = XgboostExamples.ROOT.relativize(directory);
        return !within.startsWith("v0.90") && !within.startsWith("v1.2.1");
    }

    private static void compareAnswers(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = XgboostExamples.rows(expected);
        try (var model = new XgboostRuntime().load(Examples.modelFile(directory))) {
            var table =
                    Tensor.of(
                            "input-0",
                            new int[] {rows.length, rows[0].length},
                            XgboostExamples.flat(rows));
            var answer = model.predict(List.of(table), Asked.PLAINLY).getFirst();
            var ours = ((Elements.Floats) answer.elements()).values();
            var wanted = expected.object("answers").at("predict").orElseThrow();
            var theirs = XgboostExamples.numbers(wanted);
            assertThat(ours.length).isEqualTo(theirs.length);
            assertThat(answer.rank()).isEqualTo(theirs.length == rows.length ? 1 : 2);
            for (int i = 0; i < theirs.length; i++) {
                float tolerance =
                        (sumsAsToday(directory) ? ANSWER_TOLERANCE : OLD_SUM_TOLERANCE)
                                * Math.max(1e-6f, Math.abs(theirs[i]));
                assertThat(ours[i]).as("answer %d", i).isCloseTo(theirs[i], within(tolerance));
            }
        }
    }

    /** A single row takes another way through the trees than a block of them. */
    private static void compareAlone(Path directory) throws Exception {
        var rows = XgboostExamples.rows(Examples.expected(directory));
        var booster = Booster.read(ModelBytes.read(Examples.modelFile(directory)));
        var together = booster.predict(XgboostExamples.flat(rows), rows.length);
        int width = booster.answers();
        for (int row = 0; row < rows.length; row++) {
            var alone = booster.predict(rows[row], 1);
            for (int k = 0; k < width; k++) {
                assertThat(alone[k]).isEqualTo(together[row * width + k]);
            }
        }
    }
}
